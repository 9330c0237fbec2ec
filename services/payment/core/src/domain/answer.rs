//! What is asked of a provider, and what it may answer for good.

use shop_contracts::payment::FailureReason;
use shop_kernel::{Money, OrderId, PaymentId, RefundId};

use super::CardToken;

/// A charge to be made. The same payment always asks with the same words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeRequest {
    /// The payment, which is also the idempotency key.
    pub key: PaymentId,
    /// The order, for the provider's records.
    pub order: OrderId,
    /// The card.
    pub token: CardToken,
    /// How much.
    pub amount: Money,
}

/// A definite answer to a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeAnswer {
    /// The money was taken.
    Approved,
    /// It was not, and will not be.
    Refused(ChargeRefusal),
}

/// Why a provider refuses a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeRefusal {
    /// The issuer said no.
    Declined,
    /// The card has too little on it.
    InsufficientFunds,
}

impl From<ChargeRefusal> for FailureReason {
    fn from(refusal: ChargeRefusal) -> Self {
        match refusal {
            ChargeRefusal::Declined => Self::Declined,
            ChargeRefusal::InsufficientFunds => Self::InsufficientFunds,
        }
    }
}

/// A refund to be made, of the whole charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    /// The idempotency key; see [`super::refund_key`].
    pub key: RefundId,
    /// The charge's idempotency key.
    pub charge: PaymentId,
    /// How much: all of it.
    pub amount: Money,
}

/// A definite answer to a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundAnswer {
    /// The money was given back.
    Refunded,
    /// It was not; the same key will get the same answer.
    Refused {
        /// What the provider said.
        reason: String,
    },
}
