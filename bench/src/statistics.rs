//! Medians, percentiles and spreads.

/// A figure that was measured several times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The middle one; of an even number, the mean of the two in the middle.
    pub median: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

impl Spread {
    /// The spread of some measurements; none of no measurement.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let half = sorted.len() / 2;
        let upper = *sorted.get(half)?;
        let median = if sorted.len().is_multiple_of(2) {
            f64::midpoint(*sorted.get(half.checked_sub(1)?)?, upper)
        } else {
            upper
        };
        Some(Self { median, min: *sorted.first()?, max: *sorted.last()? })
    }
}

/// Durations in microseconds, in ascending order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    sorted: Vec<i64>,
}

impl Sample {
    /// A sample of durations in microseconds.
    #[must_use]
    pub fn of(micros: impl IntoIterator<Item = i64>) -> Self {
        let mut sorted: Vec<i64> = micros.into_iter().collect();
        sorted.sort_unstable();
        Self { sorted }
    }

    /// Two samples as one.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self::of(self.micros().iter().chain(other.micros()).copied())
    }

    /// The durations, shortest first.
    #[must_use]
    pub fn micros(&self) -> &[i64] {
        &self.sorted
    }

    /// The shortest duration that at least `percent` of all do not exceed, in milliseconds.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> Option<f64> {
        let rank = (percent * self.sorted.len()).div_ceil(100).max(1);
        self.sorted.get(rank - 1).map(|micros| *micros as f64 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Sample, Spread};

    #[test]
    fn the_median_of_an_odd_number_is_the_middle_one() {
        let spread = Spread::of([3.0, 1.0, 2.0]).unwrap();

        assert_eq!(spread, Spread { median: 2.0, min: 1.0, max: 3.0 });
    }

    #[test]
    fn the_median_of_an_even_number_is_between_the_middle_two() {
        let spread = Spread::of([4.0, 1.0, 2.0, 3.0]).unwrap();

        assert_eq!(spread, Spread { median: 2.5, min: 1.0, max: 4.0 });
    }

    #[test]
    fn one_measurement_is_its_own_median_and_none_has_none() {
        assert_eq!(Spread::of([7.0]), Some(Spread { median: 7.0, min: 7.0, max: 7.0 }));
        assert_eq!(Spread::of([]), None);
    }

    #[test]
    fn a_percentile_is_a_duration_that_occurred() {
        let sample = Sample::of((1..=100).rev().map(|ms| ms * 1000));

        for (percent, expected) in [(0, 1.0), (1, 1.0), (50, 50.0), (99, 99.0), (100, 100.0)] {
            assert_eq!(sample.percentile(percent), Some(expected), "p{percent}");
        }
    }

    #[test]
    fn percentiles_of_few_are_rounded_up_to_one_of_them() {
        let sample = Sample::of([1000, 2000, 9000]);

        assert_eq!(sample.percentile(50), Some(2.0));
        assert_eq!(sample.percentile(99), Some(9.0));
        assert_eq!(Sample::default().percentile(50), None);
    }

    #[test]
    fn a_clock_that_is_read_late_may_make_a_duration_negative() {
        assert_eq!(Sample::of([-500, 1500]).percentile(50), Some(-0.5));
    }

    #[test]
    fn two_samples_make_one() {
        let both = Sample::of([3, 1]).and(&Sample::of([2]));

        assert_eq!(both.micros(), [1, 2, 3]);
    }
}
