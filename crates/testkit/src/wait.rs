//! Waiting for a condition instead of sleeping.

use std::time::{Duration, Instant};

/// Between two looks: short beside anything worth waiting for, long beside one look.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What a look at the world may answer: not yet, or something to go on with.
pub trait Met {
    /// What the test goes on with.
    type Outcome;

    /// The outcome, once the condition is met.
    fn met(self) -> Option<Self::Outcome>;
}

impl Met for bool {
    type Outcome = ();

    fn met(self) -> Option<()> {
        self.then_some(())
    }
}

impl<T> Met for Option<T> {
    type Outcome = T;

    fn met(self) -> Self {
        self
    }
}

impl<T, E> Met for Result<T, E> {
    type Outcome = T;

    fn met(self) -> Option<T> {
        self.ok()
    }
}

/// Looks again and again until `condition` is met, and gives what it found.
///
/// # Panics
/// When it is not met within `bound`: the test has failed.
#[track_caller]
pub fn eventually<M: Met, F: Future<Output = M>>(
    bound: Duration,
    mut condition: impl FnMut() -> F,
) -> impl Future<Output = M::Outcome> {
    let asked_by = std::panic::Location::caller();
    async move {
        let start = Instant::now();
        loop {
            if let Some(outcome) = condition().await.met() {
                return outcome;
            }
            assert!(start.elapsed() < bound, "not within {bound:?}: the condition at {asked_by}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn what_a_later_look_finds_is_given() {
        let looks = Cell::new(0);

        let found = eventually(Duration::from_secs(5), || async {
            looks.set(looks.get() + 1);
            (looks.get() == 3).then_some("it")
        })
        .await;

        assert_eq!((found, looks.get()), ("it", 3));
    }

    #[tokio::test]
    #[should_panic(expected = "wait.rs")]
    async fn a_condition_that_is_never_met_fails_at_its_caller() {
        eventually(Duration::from_millis(30), || async { false }).await;
    }
}
