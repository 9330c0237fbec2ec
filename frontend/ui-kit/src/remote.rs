//! Something that lives elsewhere.

use crate::graphql::Failure;

/// Loading, failed or here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Remote<T> {
    /// Asked for.
    #[default]
    Loading,
    /// It did not come, and why.
    Failed(Failure),
    /// It came.
    Ready(T),
}

impl<T> Remote<T> {
    /// What came, if it did.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }

    /// What came, to be changed.
    pub fn ready_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

impl<T> From<Result<T, Failure>> for Remote<T> {
    fn from(result: Result<T, Failure>) -> Self {
        match result {
            Ok(value) => Self::Ready(value),
            Err(failure) => Self::Failed(failure),
        }
    }
}
