//! What is to be paid, by whom, with what.

use std::fmt;

use chrono::{DateTime, Utc};
use shop_contracts::order::{OrderPlaced, PaymentMethod};
use shop_contracts::payment::MethodSummary;
use shop_kernel::{CustomerId, Money, OrderId, PaymentMethodId};

/// What an order asks payment for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// The order.
    pub order: OrderId,
    /// Who pays.
    pub customer: CustomerId,
    /// The order's total.
    pub amount: Money,
    /// With what.
    pub method: PaymentMethod,
    /// No charge begins after this moment.
    pub expires_at: DateTime<Utc>,
}

impl From<&OrderPlaced> for Bill {
    fn from(placed: &OrderPlaced) -> Self {
        Self {
            order: placed.order,
            customer: placed.customer,
            amount: placed.total,
            method: placed.payment_method,
            expires_at: placed.expires_at,
        }
    }
}

/// The provider's name for a card. It stands in for the number, which nobody here has.
#[derive(Clone, PartialEq, Eq)]
pub struct CardToken(String);

impl CardToken {
    /// Wraps what the provider answered.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(token)
    }

    /// The token as the provider wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// Whoever holds a token can charge the card, so it stays out of logs.
impl fmt::Debug for CardToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardToken(..)")
    }
}

/// A tokenised card and its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardOnFile {
    /// The method.
    pub id: PaymentMethodId,
    /// The only customer who may pay with it.
    pub owner: CustomerId,
    /// What the provider calls it.
    pub token: CardToken,
    /// Its brand, as `visa`.
    pub brand: String,
    /// The last four digits of its number.
    pub last4: String,
}

impl CardOnFile {
    /// The card as a receipt may show it.
    #[must_use]
    pub fn summary(&self) -> MethodSummary {
        MethodSummary::Card { brand: self.brand.clone(), last4: self.last4.clone() }
    }
}
