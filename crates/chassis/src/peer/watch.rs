//! Looking at a circuit breaker from outside.

use std::sync::Arc;

use resilience::{Guard, State};

/// The circuit breaker of one peer, as a report sees it.
#[derive(Debug, Clone)]
pub struct BreakerWatch {
    pub(super) peer: &'static str,
    pub(super) guard: Arc<Guard>,
}

impl BreakerWatch {
    /// Whose breaker it is.
    #[must_use]
    pub fn peer(&self) -> &'static str {
        self.peer
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.guard.state()
    }
}
