//! The rules of a circuit breaker, without clock or lock.

use tokio::time::Instant;

use super::{Rejected, State};
use crate::BreakerPolicy;
use crate::window::Window;

/// What a circuit breaker knows.
#[derive(Debug)]
pub(super) struct Circuit {
    policy: BreakerPolicy,
    phase: Phase,
    /// Counts the changes, so that a call of an earlier phase does not speak for this one.
    era: u64,
}

#[derive(Debug)]
enum Phase {
    Closed { window: Window },
    Open { until: Instant },
    HalfOpen { out: u32, succeeded: u32 },
}

/// Which phase a call was let through in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn(u64);

impl Circuit {
    pub(super) fn new(policy: BreakerPolicy, now: Instant) -> Self {
        Self { policy, phase: Phase::Closed { window: Window::new(policy.window, now) }, era: 0 }
    }

    pub(super) const fn state(&self) -> State {
        match self.phase {
            Phase::Closed { .. } => State::Closed,
            Phase::Open { .. } => State::Open,
            Phase::HalfOpen { .. } => State::HalfOpen,
        }
    }

    /// Lets a call through, or says when to come again.
    pub(super) fn admit(&mut self, now: Instant) -> Result<Turn, Rejected> {
        if let Phase::Open { until } = self.phase {
            if now < until {
                return Err(Rejected { retry_after: until - now });
            }
            self.enter(Phase::HalfOpen { out: 0, succeeded: 0 });
        }
        let wanted = self.policy.probes.max(1);
        if let Phase::HalfOpen { out, succeeded } = &mut self.phase {
            if *out + *succeeded >= wanted {
                // A probe ends within a call's time-out, which is not known here.
                return Err(Rejected { retry_after: self.policy.open_for });
            }
            *out += 1;
        }
        Ok(Turn(self.era))
    }

    /// Takes note of how a call ended.
    pub(super) fn record(&mut self, turn: Turn, failed: bool, now: Instant) {
        if turn.0 != self.era {
            return;
        }
        match &mut self.phase {
            Phase::Closed { window } => {
                window.record(failed, now);
                let counts = window.counts(now);
                let enough = counts.calls >= self.policy.minimum_calls.max(1);
                let share = u64::from(counts.failures) * 100;
                let bound = u64::from(counts.calls) * u64::from(self.policy.failure_percent);
                if failed && enough && share >= bound {
                    self.open(now);
                }
            }
            Phase::HalfOpen { .. } if failed => self.open(now),
            Phase::HalfOpen { out, succeeded } => {
                *out = out.saturating_sub(1);
                *succeeded += 1;
                if *succeeded >= self.policy.probes.max(1) {
                    self.enter(Phase::Closed { window: Window::new(self.policy.window, now) });
                }
            }
            // Nothing is let through here, so nothing of this era can end.
            Phase::Open { .. } => {}
        }
    }

    /// Takes note that nobody will say how a call ended: another probe may go.
    pub(super) fn abandon(&mut self, turn: Turn) {
        if turn.0 == self.era
            && let Phase::HalfOpen { out, .. } = &mut self.phase
        {
            *out = out.saturating_sub(1);
        }
    }

    fn open(&mut self, now: Instant) {
        self.enter(Phase::Open { until: now + self.policy.open_for });
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.era += 1;
    }
}
