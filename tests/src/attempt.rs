//! What a shopper's client wrote down: each checkout it sent, and every answer.

use shop_kernel::{CustomerId, OrderId};

use crate::client::Try;
use crate::intent::Intent;

/// A checkout, sent under one idempotency key as often as it took.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Who.
    pub customer: CustomerId,
    /// The idempotency key of every try.
    pub key: String,
    /// What was meant.
    pub intent: Intent,
    /// What came of each try, but the one that was hung up on.
    pub tries: Vec<Try>,
    /// The order that was accepted, or the refusal in words.
    pub outcome: Result<OrderId, String>,
    /// How the cancellation was answered, where there was one.
    pub cancelled: Option<Cancelled>,
}

/// The answer to a cancellation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// Its HTTP status.
    pub status: u16,
    /// What came of each try.
    pub tries: Vec<Try>,
    /// Why the order is cancelled, by that answer.
    pub reason: Option<String>,
}

impl Attempt {
    /// The order, when it was accepted.
    #[must_use]
    pub fn order(&self) -> Option<OrderId> {
        self.outcome.as_ref().ok().copied()
    }

    /// Tells whether the first try was answered 202.
    #[must_use]
    pub fn was_accepted_at_once(&self) -> bool {
        self.tries == [Try::Answered(202)]
    }
}
