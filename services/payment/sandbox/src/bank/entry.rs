//! What the ledger writes down.

use serde::{Deserialize, Serialize};
use shop_kernel::Money;
use utoipa::ToSchema;

use crate::card::Card;

/// One fact of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Entry {
    /// A card was stored under a token.
    Token {
        /// The token.
        token: String,
        /// What is known of the card.
        card: Card,
    },
    /// A charge was answered.
    Charge(Charge),
    /// A refund was answered.
    Refund(Refund),
    /// The issuer changed its mind: refunds of this charge go through from now on.
    RefundsAllowed {
        /// The charge's key.
        charge: String,
    },
}

/// A charge and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The idempotency key.
    pub key: String,
    /// The card's token.
    pub token: String,
    /// How much.
    pub amount: Money,
    /// What it is for, in the shop's words.
    pub reference: String,
    /// The answer.
    pub status: ChargeStatus,
    /// How many minor units were given back; counted, not written.
    #[serde(skip)]
    pub refunded: i64,
    /// Whether the issuer refuses to take money back.
    pub refuses_refunds: bool,
}

/// The answer to a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChargeStatus {
    /// The money was taken.
    Approved,
    /// The issuer said no.
    Declined,
    /// There is too little on the card.
    InsufficientFunds,
    /// The card does not work.
    CardError,
}

/// A refund and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The idempotency key.
    pub key: String,
    /// The key of the charge.
    pub charge: String,
    /// How much of it.
    pub amount: Money,
    /// The answer.
    pub status: RefundStatus,
}

/// The answer to a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefundStatus {
    /// The money was given back.
    Refunded,
    /// The issuer does not take it back.
    Refused,
}
