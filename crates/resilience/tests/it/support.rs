//! A neighbour that fails as it is told, and counts how often it is called.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use resilience::{Backoff, BreakerPolicy, Failure, Guard, Labels, Policy, Verdict};

pub(crate) const MS: Duration = Duration::from_millis(1);

/// Retries that wait for next to nothing, and a breaker that does not get into the way.
pub(crate) fn policy() -> Policy {
    Policy {
        timeout: Duration::from_secs(10),
        backoff: Backoff { first: MS, most: MS },
        breaker: BreakerPolicy { minimum_calls: 1000, ..BreakerPolicy::default() },
        ..Policy::default()
    }
}

pub(crate) fn guard(policy: Policy) -> Guard {
    Guard::new(Labels { service: "test", peer: "neighbour" }, policy)
}

#[derive(Debug, thiserror::Error)]
#[error("{0:?}")]
pub(crate) struct Failed(pub(crate) Verdict);

impl Failure for Failed {
    fn verdict(&self) -> Verdict {
        self.0
    }
}

/// Fails the first calls, then succeeds.
#[derive(Debug, Default)]
pub(crate) struct Neighbour {
    calls: AtomicU32,
}

impl Neighbour {
    pub(crate) async fn failing(&self, times: u32, how: Verdict) -> Result<u32, Failed> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        if call < times { Err(Failed(how)) } else { Ok(call) }
    }

    pub(crate) fn calls(&self) -> u32 {
        self.calls.load(Ordering::SeqCst)
    }
}
