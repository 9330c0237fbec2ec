//! The words an order is described with.

use async_graphql::Enum;
use serde::Deserialize;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OrderStatus {
    /// Received; payment and stock are being confirmed.
    #[serde(alias = "placed")]
    Provisional,
    /// Paid and held: it stands.
    Confirmed,
    /// It ended without a sale.
    Cancelled,
}

impl OrderStatus {
    pub(crate) const fn in_the_read_model(self) -> &'static str {
        match self {
            Self::Provisional => "placed",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(crate) const fn in_order(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Why an order was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CancelReason {
    /// The charge was refused.
    PaymentFailed,
    /// A line could not be reserved.
    OutOfStock,
    /// An answer did not come in time.
    TimedOut,
    /// The customer wanted it so.
    ByCustomer,
}

impl CancelReason {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::PaymentFailed => "payment-failed",
            Self::OutOfStock => "out-of-stock",
            Self::TimedOut => "timed-out",
            Self::ByCustomer => "by-customer",
        }
    }
}

/// Where the money of an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MoneyState {
    /// Nothing has moved yet.
    Pending,
    /// The total was charged.
    Charged,
    /// There was no charge and will be none.
    Failed,
    /// The charge was given back.
    Refunded,
    /// The provider refuses the refund; an operator looks after it.
    RefundParked,
}

/// How money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MovementKind {
    /// From the customer.
    Charge,
    /// It did not.
    ChargeFailed,
    /// Back to the customer.
    Refund,
    /// Not back yet: an operator looks after it.
    RefundParked,
}

/// Whether the stock of an order is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StockState {
    /// Nobody has said.
    Pending,
    /// Every line is held.
    Held,
    /// A line was short; nothing is held.
    Rejected,
    /// What was held is free again.
    Released,
}
