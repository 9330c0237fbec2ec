//! How long to wait before the next try.

const FIRST_MS: i32 = 1_000;
/// As long as someone may look at a page that does not move.
const LONGEST_MS: i32 = 30_000;

/// Grows with each try that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pause(i32);

impl Default for Pause {
    fn default() -> Self {
        Self(FIRST_MS)
    }
}

impl Pause {
    pub(super) fn millis(self) -> i32 {
        self.0
    }

    pub(super) fn longer(self) -> Self {
        Self(self.0.saturating_mul(2).min(LONGEST_MS))
    }
}

#[cfg(test)]
mod tests {
    use super::Pause;

    #[test]
    fn a_pause_grows_but_never_beyond_half_a_minute() {
        let pauses = std::iter::successors(Some(Pause::default()), |pause| Some(pause.longer()));

        let millis: Vec<_> = pauses.map(Pause::millis).take(7).collect();

        assert_eq!(millis, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    }
}
