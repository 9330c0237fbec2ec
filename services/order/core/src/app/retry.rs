//! Deciding again when someone else was faster.

use std::future::Future;

/// Each lost round means that another writer got through. More than this many rounds in a row on
/// one order or cart is no shop any more, and the caller is told that the store is busy.
const ROUNDS: usize = 16;

/// An error that may mean "load and decide again".
pub(super) trait MayConflict {
    /// Whether it does.
    fn is_conflict(&self) -> bool;
}

/// Repeats a round of load, decide, append for as long as it meets a conflict, within bounds.
pub(super) async fn until_settled<T, E, F>(mut round: impl FnMut() -> F) -> Result<T, E>
where
    E: MayConflict,
    F: Future<Output = Result<T, E>>,
{
    for _ in 1..ROUNDS {
        match round().await {
            Err(error) if error.is_conflict() => {}
            settled => return settled,
        }
    }
    round().await
}

/// Tells the conflict among the errors of a use case, which all keep it under `Store`.
macro_rules! may_conflict {
    ($error:ty) => {
        impl crate::app::retry::MayConflict for $error {
            fn is_conflict(&self) -> bool {
                matches!(self, Self::Store(crate::ports::StoreError::Conflict))
            }
        }
    };
}
pub(super) use may_conflict;
