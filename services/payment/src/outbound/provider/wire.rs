//! The provider's answers, as far as this service reads them.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Tokenized {
    pub(super) token: String,
    pub(super) brand: String,
    pub(super) last4: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Charged {
    pub(super) status: ChargeStatus,
}

/// A status nobody has told us of is garbage, not a refusal.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ChargeStatus {
    Approved,
    Declined,
    InsufficientFunds,
    CardError,
}

#[derive(Debug, Deserialize)]
pub(super) struct Refunded {
    pub(super) status: RefundStatus,
    pub(super) reason: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RefundStatus {
    Refunded,
    Refused,
}
