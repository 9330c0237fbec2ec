//! What a mail is about: the facts it tells, kept with its row until it is sent.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shop_contracts::order::CancelReason;
use shop_contracts::payment::MethodSummary;
use shop_kernel::Money;

/// The kinds of mail; an order gets at most one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The order was charged.
    Receipt,
    /// The order stands.
    Confirmation,
    /// The order ended without a sale: an apology or a notice, by its reason.
    Cancellation,
    /// The charge was given back.
    Refund,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::Receipt, Self::Confirmation, Self::Cancellation, Self::Refund];

    /// The name in the store, on the wire and in a Message-ID.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Confirmation => "confirmation",
            Self::Cancellation => "cancellation",
            Self::Refund => "refund",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no kind of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of mail")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(UnknownKind)
    }
}

/// The facts one mail tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum News {
    /// The order was charged.
    Receipt {
        /// How much.
        amount: Money,
        /// To what.
        method: MethodSummary,
        /// When.
        at: DateTime<Utc>,
    },
    /// The order stands.
    Confirmation {
        /// Until when it may still be cancelled.
        cancellable_until: DateTime<Utc>,
    },
    /// The order ended without a sale.
    Cancellation {
        /// Why.
        reason: CancelReason,
    },
    /// The charge was given back.
    Refund {
        /// How much.
        amount: Money,
        /// To what.
        method: MethodSummary,
        /// When.
        at: DateTime<Utc>,
    },
}

impl News {
    /// The kind of mail that tells it.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Receipt { .. } => Kind::Receipt,
            Self::Confirmation { .. } => Kind::Confirmation,
            Self::Cancellation { .. } => Kind::Cancellation,
            Self::Refund { .. } => Kind::Refund,
        }
    }
}
