//! How far calls to one neighbour may go.

use std::time::Duration;

use crate::backoff;

/// How far calls to one neighbour may go before they are given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long one attempt may take.
    pub timeout: Duration,
    /// How often an idempotent call is made again at most.
    pub retries: u32,
    /// How long to wait before each of them.
    pub backoff: Backoff,
    /// How many retries all calls together may make.
    pub budget: BudgetPolicy,
    /// When to stop calling altogether.
    pub breaker: BreakerPolicy,
    /// How many calls may be under way at once.
    pub concurrency: usize,
}

/// A delay that doubles with every retry, of which a random part is waited: full jitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Waited at most before the first retry.
    pub first: Duration,
    /// Waited at most before any.
    pub most: Duration,
}

/// How many retries there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetPolicy {
    /// Of a hundred calls, so many may be made again.
    pub percent: u32,
    /// So many retries can be saved up for a bad moment; the budget starts with them.
    pub reserve: u32,
}

/// When a circuit breaker opens, and how it closes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerPolicy {
    /// How far back it looks.
    pub window: Duration,
    /// With fewer calls in the window than this, a share says nothing.
    pub minimum_calls: u32,
    /// It opens when so many of a hundred failed.
    pub failure_percent: u32,
    /// How long it stays open before it lets probes through.
    pub open_for: Duration,
    /// How many probes must succeed before it closes.
    pub probes: u32,
}

impl Default for Policy {
    /// For a page someone waits for: given up before they do.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(2),
            retries: 2,
            backoff: Backoff::default(),
            budget: BudgetPolicy::default(),
            breaker: BreakerPolicy::default(),
            concurrency: 64,
        }
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_millis(50), most: Duration::from_millis(500) }
    }
}

impl Default for BudgetPolicy {
    fn default() -> Self {
        Self { percent: 20, reserve: 10 }
    }
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(10),
            minimum_calls: 10,
            failure_percent: 50,
            open_for: Duration::from_secs(5),
            probes: 2,
        }
    }
}

impl Backoff {
    /// A random wait before the retry with that number, counted from 0.
    #[must_use]
    pub fn before(self, retry: u32) -> Duration {
        backoff::jittered(self.bound(retry))
    }

    /// The longest wait before that retry.
    #[must_use]
    pub fn bound(self, retry: u32) -> Duration {
        self.first.saturating_mul(2_u32.saturating_pow(retry)).min(self.most)
    }
}
