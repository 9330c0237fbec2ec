//! The circuit breaker: when to stop calling, and when to try again.

mod circuit;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use circuit::Circuit;

use crate::BreakerPolicy;

/// How a circuit breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Calls go through.
    Closed,
    /// Calls are refused without trying.
    Open,
    /// A few calls go through, to see whether it is better.
    HalfOpen,
}

impl State {
    /// Its name in reports and labels.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        }
    }

    /// Its place on a graph: the worse the higher.
    pub(crate) const fn level(self) -> f64 {
        match self {
            Self::Closed => 0.0,
            Self::HalfOpen => 1.0,
            Self::Open => 2.0,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The circuit breaker is open, or has as many probes out as it wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the circuit breaker is open")]
pub struct Rejected {
    /// When it may be worth another try.
    pub retry_after: Duration,
}

type Listener = Box<dyn Fn(State) + Send + Sync>;

/// Stops calls to someone who fails too often, and probes whether it is over.
///
/// The rules are in `Circuit`; this guards it against several threads and tells of its changes.
pub struct Breaker {
    circuit: Mutex<Circuit>,
    on_change: Listener,
}

impl fmt::Debug for Breaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker").field("state", &self.state()).finish_non_exhaustive()
    }
}

impl Breaker {
    /// A closed breaker. `on_change` is told every new state, in the order they come.
    pub fn new(
        policy: BreakerPolicy,
        now: Instant,
        on_change: impl Fn(State) + Send + Sync + 'static,
    ) -> Self {
        let circuit = Mutex::new(Circuit::new(policy, now));
        Self { circuit, on_change: Box::new(on_change) }
    }

    /// How it stands. An open breaker becomes half-open with the first call after its time.
    #[must_use]
    pub fn state(&self) -> State {
        self.lock().state()
    }

    /// Leave for one call, whose outcome the permit is told.
    ///
    /// # Errors
    /// When it is open, or half-open with enough probes out.
    pub fn permit(&self, now: Instant) -> Result<Permit<'_>, Rejected> {
        let turn = self.watched(|circuit| circuit.admit(now))?;
        Ok(Permit { breaker: self, turn: Some(turn) })
    }

    fn watched<T>(&self, act: impl FnOnce(&mut Circuit) -> T) -> T {
        let mut circuit = self.lock();
        let before = circuit.state();
        let outcome = act(&mut circuit);
        let after = circuit.state();
        if after != before {
            // Under the lock, so that the last state told is the one it has.
            (self.on_change)(after);
        }
        outcome
    }

    fn lock(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leave for one call. Dropped without an outcome, as when nobody waits any more, it says nothing.
#[derive(Debug)]
#[must_use]
pub struct Permit<'b> {
    breaker: &'b Breaker,
    turn: Option<circuit::Turn>,
}

impl Permit<'_> {
    /// The call ended, for good or ill.
    pub fn record(mut self, failed: bool, now: Instant) {
        if let Some(turn) = self.turn.take() {
            self.breaker.watched(|circuit| circuit.record(turn, failed, now));
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            self.breaker.watched(|circuit| circuit.abandon(turn));
        }
    }
}

#[cfg(test)]
mod tests;
