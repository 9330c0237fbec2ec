//! Chance in waiting: clients that failed together must not come back together.

use std::time::Duration;

/// A random part of `bound`, to the microsecond.
pub(crate) fn jittered(bound: Duration) -> Duration {
    let most = u64::try_from(bound.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(rand::random_range(0..=most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Backoff;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_bound_doubles_up_to_the_most() {
        let backoff = Backoff { first: 50 * MS, most: 500 * MS };

        let bounds: Vec<_> = (0..6).map(|retry| backoff.bound(retry).as_millis()).collect();

        assert_eq!(bounds, [50, 100, 200, 400, 500, 500]);
        assert_eq!(backoff.bound(u32::MAX), 500 * MS);
    }

    #[test]
    fn waits_differ_and_stay_within_the_bound() {
        let waits: Vec<_> = (0..100).map(|_| jittered(10 * MS)).collect();

        assert!(waits.iter().all(|wait| *wait <= 10 * MS));
        assert!(waits.iter().any(|wait| *wait != waits[0]));
        assert_eq!(jittered(Duration::ZERO), Duration::ZERO);
    }
}
