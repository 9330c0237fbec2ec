//! How long to wait before the next try.

use std::time::Duration;

/// Doubling delays between a first and a longest one, with a little of their own each time.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
}

impl Backoff {
    /// Delays from `first` up to `longest`.
    #[must_use]
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest }
    }

    /// The delay before try number `attempt + 1`, when `attempt` tries have failed.
    ///
    /// Between 75 and 100 per cent of the doubled delay, so that those who failed together do not
    /// come back together.
    #[must_use]
    pub fn after(&self, attempt: u32) -> Duration {
        let doubled = self.first.saturating_mul(1 << attempt.saturating_sub(1).min(20));
        let delay = doubled.min(self.longest);
        let quarter = delay / 4;
        delay - quarter.mul_f64(fraction())
    }
}

/// A number from 0 to 1 that differs from call to call; nothing secret hangs on it.
#[expect(clippy::float_arithmetic, reason = "a share of a delay, not money")]
fn fraction() -> f64 {
    let [.., last] = uuid::Uuid::new_v4().into_bytes();
    f64::from(last) / f64::from(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_longest() {
        let backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));

        for (attempt, longest_ms) in
            [(0, 100), (1, 100), (2, 200), (3, 400), (7, 5_000), (90, 5_000)]
        {
            let delay = backoff.after(attempt).as_millis();
            assert!(delay <= longest_ms && delay * 4 >= longest_ms * 3, "{attempt}: {delay} ms");
        }
    }
}
