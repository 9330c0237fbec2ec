//! Where an order stands, and what it has heard.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shop_contracts::order::CancelReason;
use shop_contracts::payment::FailureReason;
use shop_kernel::PaymentId;

use crate::domain::order_event::Shortage;

/// What is known of the money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Payment {
    /// Nothing yet.
    Awaited,
    /// The total was charged.
    Processed {
        /// The payment.
        payment: PaymentId,
    },
    /// The total will not be charged.
    Failed {
        /// The payment.
        payment: PaymentId,
        /// Why.
        reason: FailureReason,
    },
}

/// What is known of the goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Stock {
    /// Nothing yet.
    Awaited,
    /// Every line is held.
    Reserved,
    /// Nothing is held.
    Rejected {
        /// The lines that were short.
        short: Vec<Shortage>,
    },
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Status {
    /// Waiting for money and stock.
    Provisional,
    /// Charged and held.
    Confirmed {
        /// Since when.
        at: DateTime<Utc>,
        /// Until when the customer may still cancel.
        cancellable_until: DateTime<Utc>,
    },
    /// Ended without a sale.
    Cancelled {
        /// Why.
        reason: CancelReason,
        /// Since when.
        at: DateTime<Utc>,
    },
}
