//! Errors of this service as problem documents.

use chassis::Problem;

use crate::rebuild::BeginError;
use crate::store::StoreError;
use crate::updates::TooMany;

/// The codes of this service; the README lists them.
pub mod code {
    /// There is no such order, or it is not the caller's.
    pub const ORDER_UNKNOWN: &str = "order-unknown";
    /// The customer listens to too many orders at once.
    pub const TOO_MANY_LISTENERS: &str = "too-many-listeners";
    /// A rebuild runs already.
    pub const REBUILD_RUNS: &str = "rebuild-runs";
    /// The period ends before it begins, or is longer than a year.
    pub const PERIOD_NOT_VALID: &str = "period-not-valid";
    /// The own store does not answer; the chassis uses the same.
    pub const STORE_UNAVAILABLE: &str = "store-unavailable";

    /// All of them.
    pub const ALL: [&str; 5] =
        [ORDER_UNKNOWN, TOO_MANY_LISTENERS, REBUILD_RUNS, PERIOD_NOT_VALID, STORE_UNAVAILABLE];
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => {
                Self::unavailable(code::STORE_UNAVAILABLE, "the store does not answer")
                    .caused_by(error)
            }
            StoreError::Conflict | StoreError::Refused(_) | StoreError::Corrupt(_) => {
                Self::internal(error)
            }
        }
    }
}

impl From<TooMany> for Problem {
    fn from(refusal: TooMany) -> Self {
        let detail = refusal.to_string();
        match refusal {
            TooMany::InAll => Self::unavailable(code::TOO_MANY_LISTENERS, detail),
            TooMany::OfCustomer => {
                // Long enough for a closed tab to be noticed.
                let after = std::time::Duration::from_secs(5);
                Self::too_many(code::TOO_MANY_LISTENERS, detail, after)
            }
        }
    }
}

impl From<BeginError> for Problem {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Runs(runs) => {
                Self::conflict(code::REBUILD_RUNS, runs.to_string()).with("since", runs.since)
            }
            BeginError::Store(error) => error.into(),
        }
    }
}
