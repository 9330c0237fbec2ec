//! Durations as a line of bars: an interval of polling shows as a plateau of its length.

use crate::statistics::Sample;

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// As many as fit beside their legend.
const BUCKETS: usize = 40;
/// Bucket widths a person can count with, in microseconds.
const WIDTHS: [i64; 10] = [100, 250, 500, 1000, 2000, 2500, 5000, 10_000, 25_000, 100_000];

/// Counts by duration, from zero on; the last bucket holds all that is longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    width_micros: i64,
    counts: Vec<usize>,
}

impl Histogram {
    /// Counts a sample in buckets wide enough for all but the slowest hundredth.
    #[must_use]
    pub fn of(sample: &Sample) -> Self {
        let micros = sample.micros();
        let slow = micros.get(micros.len() * 99 / 100).copied().unwrap_or_default();
        let last = BUCKETS - 1;
        let fits = |width: &&i64| **width * last as i64 > slow;
        let width_micros = WIDTHS.iter().find(fits).copied().unwrap_or(1_000_000);
        let mut counts = vec![0; BUCKETS];
        for duration in micros {
            let at = usize::try_from(duration / width_micros).unwrap_or_default().min(last);
            if let Some(count) = counts.get_mut(at) {
                *count += 1;
            }
        }
        Self { width_micros, counts }
    }

    /// The bars, and what one of them is.
    #[must_use]
    pub fn line(&self) -> String {
        let highest = self.counts.iter().copied().max().unwrap_or_default().max(1);
        let bar = |count: &usize| match count {
            0 => ' ',
            // Something is always seen of a bucket that is not empty.
            _ => BARS.get((count * BARS.len()).div_ceil(highest) - 1).copied().unwrap_or('█'),
        };
        let bars: String = self.counts.iter().map(bar).collect();
        let width = self.width_micros as f64 / 1000.0;
        format!("|{bars}| one bar is {width} ms, the last one all above")
    }
}

#[cfg(test)]
mod tests {
    use super::Histogram;
    use crate::statistics::Sample;

    #[test]
    fn the_fullest_bucket_is_the_highest_bar() {
        let sample = Sample::of([50, 150, 150, 150, 150, 350]);

        let line = Histogram::of(&sample).line();

        assert!(line.starts_with("|▂█ ▂ "), "{line}");
        assert!(line.ends_with("one bar is 0.1 ms, the last one all above"), "{line}");
    }

    #[test]
    fn outliers_share_the_last_bar() {
        let fast = (0..200).map(|_| 150);

        let line = Histogram::of(&Sample::of(fast.chain([9_000_000]))).line();

        assert!(line.contains("▁| one bar is 0.1 ms"), "{line}");
    }

    #[test]
    fn no_duration_and_an_odd_clock_are_no_problem() {
        assert!(Histogram::of(&Sample::default()).line().starts_with("|   "));
        assert!(Histogram::of(&Sample::of([-20])).line().starts_with("|█ "));
    }
}
