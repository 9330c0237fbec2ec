//! Counts over the last stretch of time.

use std::time::Duration;

use tokio::time::Instant;

/// A tenth of the window goes at a time: finer costs more to sum and decides nothing better.
const BUCKETS: u64 = 10;

/// How many calls there were in a stretch of time, and how many of them failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) calls: u32,
    pub(crate) failures: u32,
}

/// Counts of the last stretch of time, kept in ten buckets that are used in turn.
#[derive(Debug)]
pub(crate) struct Window {
    began: Instant,
    bucket_width: Duration,
    buckets: [Bucket; BUCKETS as usize],
}

#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    /// Which stretch since the beginning it counts; another one's counts are over.
    tick: u64,
    counts: Counts,
}

impl Window {
    /// Nothing counted yet.
    pub(crate) fn new(width: Duration, now: Instant) -> Self {
        let bucket_width = (width / 10).max(Duration::from_millis(1));
        Self { began: now, bucket_width, buckets: Default::default() }
    }

    /// Counts one call.
    pub(crate) fn record(&mut self, failed: bool, now: Instant) {
        let tick = self.tick(now);
        let at = usize::try_from(tick % BUCKETS).unwrap_or_default();
        let Some(bucket) = self.buckets.get_mut(at) else { return };
        if bucket.tick != tick {
            *bucket = Bucket { tick, counts: Counts::default() };
        }
        bucket.counts.calls += 1;
        bucket.counts.failures += u32::from(failed);
    }

    /// What was counted within the window that ends now.
    pub(crate) fn counts(&self, now: Instant) -> Counts {
        let tick = self.tick(now);
        let within = self.buckets.iter().filter(|bucket| bucket.tick + BUCKETS > tick);
        within.fold(Counts::default(), |sum, bucket| Counts {
            calls: sum.calls + bucket.counts.calls,
            failures: sum.failures + bucket.counts.failures,
        })
    }

    fn tick(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.began).as_nanos();
        u64::try_from(since / self.bucket_width.as_nanos()).unwrap_or(u64::MAX - BUCKETS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_is_older_than_the_window_is_forgotten() {
        let start = Instant::now();
        let mut window = Window::new(10 * SECOND, start);

        window.record(true, start);
        window.record(false, start + 5 * SECOND);

        assert_eq!(window.counts(start + 9 * SECOND), Counts { calls: 2, failures: 1 });
        assert_eq!(window.counts(start + 10 * SECOND), Counts { calls: 1, failures: 0 });
        assert_eq!(window.counts(start + 15 * SECOND), Counts::default());
    }

    #[test]
    fn a_bucket_is_used_again_without_its_old_counts() {
        let start = Instant::now();
        let mut window = Window::new(10 * SECOND, start);

        for _ in 0..1000 {
            window.record(false, start);
        }
        window.record(true, start + 10 * SECOND);

        assert_eq!(window.counts(start + 10 * SECOND), Counts { calls: 1, failures: 1 });
    }

    #[test]
    fn a_long_silence_leaves_nothing() {
        let start = Instant::now();
        let mut window = Window::new(10 * SECOND, start);

        window.record(true, start);

        assert_eq!(window.counts(start + 1_000_000 * SECOND), Counts::default());
    }
}
