//! What the metrics say of calls to one neighbour.

use metrics::Counter;

use crate::{State, Verdict};

/// Whose calls, to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labels {
    /// Who calls.
    pub service: &'static str,
    /// Who is called.
    pub peer: &'static str,
}

impl Labels {
    /// Begins every figure, so that the first of a kind is seen as a rise.
    pub(crate) fn begin(self) {
        self.breaker_is(State::Closed);
        for to in [State::Open, State::HalfOpen, State::Closed] {
            self.transitions(to).increment(0);
        }
        for outcome in ["answer", "fault", "outage", "timeout"] {
            self.attempts(outcome).increment(0);
        }
        for reason in ["full", "open"] {
            self.refusals(reason).increment(0);
        }
        self.retries().increment(0);
        self.exhausted().increment(0);
    }

    /// A breaker stands like that from now on.
    pub(crate) fn breaker_is(self, state: State) {
        let Self { service, peer } = self;
        metrics::gauge!("circuit_breaker_state", "service" => service, "peer" => peer)
            .set(state.level());
    }

    /// A breaker changed.
    pub(crate) fn breaker_went(self, to: State) {
        let peer = self.peer;
        self.breaker_is(to);
        self.transitions(to).increment(1);
        match to {
            State::Open => tracing::warn!(peer, "the circuit breaker opened"),
            State::HalfOpen => tracing::info!(peer, "the circuit breaker lets probes through"),
            State::Closed => tracing::info!(peer, "the circuit breaker closed"),
        }
    }

    /// An attempt ended; `None` when it took too long.
    pub(crate) fn attempted(self, verdict: Option<Verdict>) {
        let outcome = match verdict {
            Some(Verdict::Answer) => "answer",
            Some(Verdict::Fault) => "fault",
            Some(Verdict::Outage) => "outage",
            None => "timeout",
        };
        self.attempts(outcome).increment(1);
    }

    /// A call was not made.
    pub(crate) fn refused(self, reason: &'static str) {
        self.refusals(reason).increment(1);
    }

    /// A call is made again.
    pub(crate) fn retried(self) {
        self.retries().increment(1);
    }

    /// A call would have been made again.
    pub(crate) fn out_of_budget(self) {
        self.exhausted().increment(1);
    }

    fn transitions(self, to: State) -> Counter {
        let Self { service, peer } = self;
        metrics::counter!(
            "circuit_breaker_transitions_total",
            "service" => service, "peer" => peer, "to" => to.name(),
        )
    }

    fn attempts(self, outcome: &'static str) -> Counter {
        let Self { service, peer } = self;
        metrics::counter!(
            "downstream_attempts_total",
            "service" => service, "peer" => peer, "outcome" => outcome,
        )
    }

    fn refusals(self, reason: &'static str) -> Counter {
        let Self { service, peer } = self;
        metrics::counter!(
            "downstream_refused_total",
            "service" => service, "peer" => peer, "reason" => reason,
        )
    }

    fn retries(self) -> Counter {
        let Self { service, peer } = self;
        metrics::counter!("downstream_retries_total", "service" => service, "peer" => peer)
    }

    fn exhausted(self) -> Counter {
        let Self { service, peer } = self;
        metrics::counter!("retry_budget_exhausted_total", "service" => service, "peer" => peer)
    }
}
