//! What the payment service tells others.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shop_kernel::{CustomerId, Money, OrderId, PaymentId, RefundId};

use crate::Message;

/// The order's total was charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentProcessed {
    /// The payment; there is one per order.
    pub payment: PaymentId,
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What was charged: exactly the order's total.
    pub amount: Money,
    /// What it was charged to, as a receipt may show it.
    pub method: MethodSummary,
    /// When the answer of the provider was stored.
    pub processed_at: DateTime<Utc>,
}

impl Message for PaymentProcessed {
    const TYPE: &'static str = "payment.processed.v1";
}

/// What was charged, as a person may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum MethodSummary {
    /// A card.
    Card {
        /// Its brand, as `visa`.
        brand: String,
        /// The last four digits of its number.
        last4: String,
    },
    /// The customer's store credit.
    StoreCredit,
}

/// The order was not charged and will not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentFailed {
    /// The payment.
    pub payment: PaymentId,
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What was to be charged.
    pub amount: Money,
    /// Why it was not.
    pub reason: FailureReason,
    /// When it was certain.
    pub failed_at: DateTime<Utc>,
}

impl Message for PaymentFailed {
    const TYPE: &'static str = "payment.failed.v1";
}

/// Why a charge was refused for good. An unavailable provider is never among these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureReason {
    /// The issuer said no.
    Declined,
    /// The card has too little on it.
    InsufficientFunds,
    /// The store credit does not reach.
    CreditLimitExceeded,
    /// The method is unknown, or another customer's.
    MethodNotYours,
    /// The order ran out of time before a charge began.
    Expired,
}

impl fmt::Display for FailureReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Declined => "declined",
            Self::InsufficientFunds => "insufficient-funds",
            Self::CreditLimitExceeded => "credit-limit-exceeded",
            Self::MethodNotYours => "method-not-yours",
            Self::Expired => "expired",
        })
    }
}

/// The charge was given back in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRefunded {
    /// The payment.
    pub payment: PaymentId,
    /// The refund.
    pub refund: RefundId,
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What was given back.
    pub amount: Money,
    /// What it went back to.
    pub method: MethodSummary,
    /// When the answer of the provider was stored.
    pub refunded_at: DateTime<Utc>,
}

impl Message for PaymentRefunded {
    const TYPE: &'static str = "payment.refunded.v1";
}

/// The provider refuses the refund; an operator must settle it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundParked {
    /// The payment.
    pub payment: PaymentId,
    /// The refund.
    pub refund: RefundId,
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What is owed.
    pub amount: Money,
    /// What the provider said.
    pub reason: String,
    /// When trying ended.
    pub parked_at: DateTime<Utc>,
}

impl Message for RefundParked {
    const TYPE: &'static str = "payment.refund-parked.v1";
}
