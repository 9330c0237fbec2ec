//! What happens to an order, as it is kept for ever.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shop_contracts::order::{CancelReason, PaymentMethod};
use shop_contracts::payment::FailureReason;
use shop_kernel::{CartId, Contact, CustomerId, Locale, OrderId, PaymentId, ProductId, Quantity};

use super::history::{CorruptHistory, Event};
use super::lines::Lines;
use super::upcast;

/// Something that happened to an order.
///
/// These are ours alone: `app::announce` says what others learn of them. They are never changed,
/// only added to; a new form of one goes with a step in `upcast` and a golden file of the old.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum OrderEvent {
    /// The order was accepted and is provisional from now on.
    Placed(Box<Placed>),
    /// The total was charged.
    PaymentProcessed {
        /// The payment.
        payment: PaymentId,
        /// When we learnt it.
        at: DateTime<Utc>,
    },
    /// The total will not be charged.
    PaymentFailed {
        /// The payment.
        payment: PaymentId,
        /// Why.
        reason: FailureReason,
        /// When we learnt it.
        at: DateTime<Utc>,
    },
    /// Every line is held.
    StockReserved {
        /// When we learnt it.
        at: DateTime<Utc>,
    },
    /// Nothing is held, because lines were short.
    StockRejected {
        /// The lines that were short.
        short: Vec<Shortage>,
        /// When we learnt it.
        at: DateTime<Utc>,
    },
    /// Charged and held: the order stands.
    Confirmed {
        /// When both were known.
        at: DateTime<Utc>,
        /// Until when the customer may still cancel.
        cancellable_until: DateTime<Utc>,
    },
    /// The order ended without a sale.
    Cancelled {
        /// Why.
        reason: CancelReason,
        /// Whether it had been confirmed.
        was_confirmed: bool,
        /// When.
        at: DateTime<Utc>,
    },
}

/// Everything an order begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The cart it came from; absent where the lines of an earlier order were bought again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cart: Option<CartId>,
    /// The cancelled order it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<OrderId>,
    /// Whom to write to, and where it goes.
    pub contact: Contact,
    /// The language to write in.
    pub locale: Locale,
    /// What was bought.
    pub lines: Lines,
    /// How it is to be paid.
    pub payment_method: PaymentMethod,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// When it gives up.
    pub expires_at: DateTime<Utc>,
}

/// A line that could not be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// The product.
    pub product: ProductId,
    /// How many were asked for.
    pub requested: Quantity,
    /// How many there were.
    pub available: u32,
}

impl Event for OrderEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::Placed(_) => "placed",
            Self::PaymentProcessed { .. } => "payment-processed",
            Self::PaymentFailed { .. } => "payment-failed",
            Self::StockReserved { .. } => "stock-reserved",
            Self::StockRejected { .. } => "stock-rejected",
            Self::Confirmed { .. } => "confirmed",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    fn schema(kind: &str) -> u32 {
        match kind {
            "placed" => 2,
            _ => 1,
        }
    }

    fn upcast(kind: &str, schema: u32, data: Value) -> Result<Value, CorruptHistory> {
        match (kind, schema) {
            ("placed", 1) => upcast::placed_1_to_2(data),
            _ => Err(CorruptHistory::UnknownForm { kind: kind.to_owned(), schema }),
        }
    }
}
