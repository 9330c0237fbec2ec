//! Why a store fails.

use std::error::Error;

use crate::domain::history::CorruptHistory;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Someone else was faster: load and decide again.
    #[error("someone else changed it meanwhile")]
    Conflict,
    /// The store is away or too busy; the same may succeed later.
    #[error("the store does not answer")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The store refused.
    #[error("the store failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
    /// What it keeps makes no sense.
    #[error("a history makes no sense")]
    Corrupt(#[from] CorruptHistory),
    /// What was to be kept has no JSON form.
    #[error("an event could not be put into words")]
    Unwritable(#[from] serde_json::Error),
}
