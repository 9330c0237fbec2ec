//! The checkout: everything a customer fills in, as far as it is known.

use serde::Serialize;
use shop_kernel::Money;
use utoipa::ToSchema;

use super::cart::CartScreen;
use crate::http::shape::MoneyShape;
use crate::upstream::identity::Customer;
use crate::upstream::payment::Card;

/// What a checkout needs. What could not be had is absent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckoutScreen {
    pub(crate) cart: CartScreen,
    /// The customer's cards, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cards: Option<Vec<Card>>,
    /// What the order may take from the customer's store credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>)]
    pub(crate) store_credit: Option<Money>,
    /// Whom to write to, where it is not changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) contact: Option<KnownContact>,
    /// Whether a part could not be had just now.
    pub(crate) degraded: bool,
}

/// What is known of whom to write to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KnownContact {
    name: String,
    email: String,
}

impl From<Customer> for KnownContact {
    fn from(customer: Customer) -> Self {
        Self { name: customer.name, email: customer.email }
    }
}
