//! Where a payment stands, and what can become of it.

use chrono::{DateTime, Utc};
use shop_contracts::payment::{FailureReason, MethodSummary};

use super::CardToken;

/// Money that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// From what.
    pub method: MethodSummary,
    /// When the answer was known.
    pub at: DateTime<Utc>,
}

/// Where a payment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nobody has been asked for money yet.
    Due,
    /// The provider was asked, and its answer is not known yet.
    Charging {
        /// The card that was named; a repetition names the same.
        token: CardToken,
        /// The card as a receipt may show it.
        method: MethodSummary,
        /// Whether the order was cancelled meanwhile: what is charged then goes back at once.
        cancelled: bool,
    },
    /// The order was cancelled before anybody was asked for money. Final.
    Withdrawn,
    /// Nothing was charged, for good. Final.
    Failed {
        /// Why.
        reason: FailureReason,
        /// When that was certain.
        at: DateTime<Utc>,
    },
    /// The total was charged.
    Charged(Charge),
    /// The charge is to be given back.
    RefundDue {
        /// What was charged.
        charge: Charge,
        /// How often the provider has refused to give it back.
        refusals: u32,
        /// Whether it was parked before, and others know.
        parked_before: bool,
    },
    /// The provider refuses to give the charge back; an operator must see to it.
    RefundParked {
        /// What was charged.
        charge: Charge,
        /// How often the provider has refused to give it back.
        refusals: u32,
        /// What the provider said last.
        reason: String,
        /// When trying ended.
        at: DateTime<Utc>,
    },
    /// The charge was given back. Final.
    Refunded {
        /// What was charged.
        charge: Charge,
        /// When it was given back.
        at: DateTime<Utc>,
    },
}

impl State {
    /// What was charged, given back or not.
    #[must_use]
    pub const fn charge(&self) -> Option<&Charge> {
        match self {
            Self::Due | Self::Charging { .. } | Self::Withdrawn | Self::Failed { .. } => None,
            Self::Charged(charge)
            | Self::RefundDue { charge, .. }
            | Self::RefundParked { charge, .. }
            | Self::Refunded { charge, .. } => Some(charge),
        }
    }

    /// The call to the outside that this state waits for.
    #[must_use]
    pub const fn work(&self) -> Option<Work> {
        match self {
            Self::Due | Self::Charging { .. } => Some(Work::Charge),
            Self::RefundDue { .. } => Some(Work::Refund),
            Self::Withdrawn
            | Self::Failed { .. }
            | Self::Charged(_)
            | Self::RefundParked { .. }
            | Self::Refunded { .. } => None,
        }
    }
}

/// A call to the outside that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Work {
    /// Take the money.
    Charge,
    /// Give it back.
    Refund,
}

/// What happened to a payment, as far as it concerns others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentEvent {
    /// The total was charged.
    Charged {
        /// To what.
        method: MethodSummary,
        /// When.
        at: DateTime<Utc>,
    },
    /// Nothing was charged, for good.
    Failed {
        /// Why.
        reason: FailureReason,
        /// When.
        at: DateTime<Utc>,
    },
    /// The charge was given back.
    Refunded {
        /// To what.
        method: MethodSummary,
        /// When.
        at: DateTime<Utc>,
    },
    /// The provider refuses to give the charge back.
    RefundParked {
        /// What it said.
        reason: String,
        /// When.
        at: DateTime<Utc>,
    },
}
