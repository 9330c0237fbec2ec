//! What the order service tells others.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shop_kernel::{
    Contact, CustomerId, Locale, LocalizedText, Money, OrderId, PaymentMethodId, ProductId,
    Quantity,
};

use crate::Message;

/// An order was accepted; it stays provisional until money and stock are both certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPlaced {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Whom to write to, and where it goes.
    pub contact: Contact,
    /// The language to write in.
    pub locale: Locale,
    /// What was bought; never empty, one line per product, in the order of the cart.
    pub lines: Vec<PricedLine>,
    /// The sum of the lines.
    pub total: Money,
    /// How it is to be paid.
    pub payment_method: PaymentMethod,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// When the order gives up: no charge begins after it.
    pub expires_at: DateTime<Utc>,
    /// The cancelled order whose lines this one bought again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<OrderId>,
}

impl Message for OrderPlaced {
    const TYPE: &'static str = "order.placed.v1";
}

/// One product of an order, at the price it was bought for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedLine {
    /// The product.
    pub product: ProductId,
    /// Its name on that day.
    pub name: LocalizedText,
    /// How many.
    pub quantity: Quantity,
    /// The price of one.
    pub unit_price: Money,
    /// The price of all of them.
    pub total: Money,
}

/// How an order is to be paid: `"store-credit"`, or the id of a tokenised card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentMethod {
    /// A card the customer gave to the payment service before.
    Card(PaymentMethodId),
    /// The customer's store credit in the order's currency.
    StoreCredit,
}

/// Paid and reserved: the order stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderConfirmed {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What was charged.
    pub total: Money,
    /// When both answers were in.
    pub confirmed_at: DateTime<Utc>,
    /// Until when the customer may still cancel.
    pub cancellable_until: DateTime<Utc>,
}

impl Message for OrderConfirmed {
    const TYPE: &'static str = "order.confirmed.v1";
}

/// The order ended without a sale; whoever did something for it undoes it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Why.
    pub reason: CancelReason,
    /// Whether it had been confirmed before.
    pub was_confirmed: bool,
    /// When.
    pub cancelled_at: DateTime<Utc>,
}

impl Message for OrderCancelled {
    const TYPE: &'static str = "order.cancelled.v1";
}

/// Why an order was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CancelReason {
    /// The charge was refused.
    PaymentFailed,
    /// A line could not be reserved.
    OutOfStock,
    /// An answer did not come in time.
    TimedOut,
    /// The customer wanted it so.
    ByCustomer,
}

impl fmt::Display for CancelReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PaymentFailed => "payment-failed",
            Self::OutOfStock => "out-of-stock",
            Self::TimedOut => "timed-out",
            Self::ByCustomer => "by-customer",
        })
    }
}
