//! Everything around one call, in its order.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use crate::{Breaker, Bulkhead, Failure, Labels, Policy, RetryBudget, State, Verdict};

/// Why a call gave no result.
#[derive(Debug, thiserror::Error)]
pub enum Denied<E> {
    /// The circuit breaker is open: it was not tried.
    #[error("the circuit breaker is open")]
    Open {
        /// When it may be worth another try.
        retry_after: Duration,
    },
    /// As many calls as may be are under way: it was not tried.
    #[error("too many calls are under way")]
    Full,
    /// No attempt ended in time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    /// It was tried, and failed.
    #[error("the call failed")]
    Failed(#[source] E),
}

/// What is special about one call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Whether doing it twice is as good as doing it once.
    pub is_repeatable: bool,
    /// Another time-out than the policy's.
    pub within: Option<Duration>,
}

impl Limits {
    /// Those of a call that is idempotent.
    #[must_use]
    pub const fn repeatable() -> Self {
        Self { is_repeatable: true, within: None }
    }

    /// Those of a call that may happen only once.
    #[must_use]
    pub const fn once() -> Self {
        Self { is_repeatable: false, within: None }
    }
}

/// Guards the calls to one neighbour: one per neighbour, shared by all who call it.
#[derive(Debug)]
pub struct Guard {
    labels: Labels,
    policy: Policy,
    bulkhead: Bulkhead,
    budget: RetryBudget,
    breaker: Breaker,
}

impl Guard {
    /// A guard whose breaker is closed.
    #[must_use]
    pub fn new(labels: Labels, policy: Policy) -> Self {
        labels.begin();
        Self {
            labels,
            policy,
            bulkhead: Bulkhead::new(policy.concurrency),
            budget: RetryBudget::new(policy.budget),
            breaker: Breaker::new(policy.breaker, Instant::now(), move |to| {
                labels.breaker_went(to)
            }),
        }
    }

    /// How its circuit breaker stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.breaker.state()
    }

    /// Makes a call by `attempt`, more than once where that is allowed and may help.
    ///
    /// # Errors
    /// When it is refused, too slow, or the last attempt failed.
    pub async fn call<T, E, F>(
        &self,
        limits: Limits,
        mut attempt: impl FnMut() -> F,
    ) -> Result<T, Denied<E>>
    where
        E: Failure,
        F: Future<Output = Result<T, E>>,
    {
        let Some(_slot) = self.bulkhead.enter() else {
            self.labels.refused("full");
            return Err(Denied::Full);
        };
        self.budget.pay_in();
        let retries = if limits.is_repeatable { self.policy.retries } else { 0 };
        let mut outcome = self.once(limits, &mut attempt).await;
        for retry in 0..retries {
            if !outcome.as_ref().is_err_and(Denied::is_outage) || !self.may_retry() {
                break;
            }
            sleep(self.policy.backoff.before(retry)).await;
            match self.once(limits, &mut attempt).await {
                // What the attempt before met says more than that there is none now.
                Err(Denied::Open { .. }) => break,
                again => outcome = again,
            }
        }
        outcome
    }

    async fn once<T, E, F>(
        &self,
        limits: Limits,
        attempt: &mut impl FnMut() -> F,
    ) -> Result<T, Denied<E>>
    where
        E: Failure,
        F: Future<Output = Result<T, E>>,
    {
        let permit = self.breaker.permit(Instant::now()).map_err(|rejected| {
            self.labels.refused("open");
            Denied::Open { retry_after: rejected.retry_after }
        })?;
        let within = limits.within.unwrap_or(self.policy.timeout);
        let outcome = timeout(within, attempt()).await;
        let verdict = match &outcome {
            Ok(Ok(_)) => Some(Verdict::Answer),
            Ok(Err(error)) => Some(error.verdict()),
            Err(_) => None,
        };
        permit.record(verdict.is_none_or(Verdict::counts), Instant::now());
        self.labels.attempted(verdict);
        match outcome {
            Ok(result) => result.map_err(Denied::Failed),
            Err(_) => Err(Denied::TimedOut(within)),
        }
    }

    fn may_retry(&self) -> bool {
        let may = self.budget.take();
        if may {
            self.labels.retried();
        } else {
            self.labels.out_of_budget();
        }
        may
    }
}

impl<E: Failure> Denied<E> {
    /// Whether asking again may help.
    fn is_outage(&self) -> bool {
        match self {
            Self::TimedOut(_) => true,
            Self::Failed(error) => error.verdict() == Verdict::Outage,
            Self::Open { .. } | Self::Full => false,
        }
    }
}
