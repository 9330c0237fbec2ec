//! What a checkout sends and gets.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use shop_contracts::order::PaymentMethod;
use shop_kernel::{CartId, Currency, EmailAddress, Locale, Money, OrderId, ProductId};
use utoipa::ToSchema;

use crate::http::shape::{CurrencyShape, LocaleShape, MoneyShape, PaymentMethodShape};
use crate::upstream::order::Accepted;

/// A checkout: what was seen, and what else an order needs. `order` checks every part of it; prices
/// are compared with its own, never taken.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// The cart.
    #[garde(skip)]
    #[schema(value_type = String, example = "crt_0193456789ab7000800000000000ca47")]
    cart: CartId,
    /// The version of it that was seen.
    #[garde(skip)]
    cart_version: u64,
    /// The currency to pay in.
    #[garde(skip)]
    #[schema(value_type = CurrencyShape)]
    currency: Currency,
    /// The price of each product in the cart, as it was seen.
    #[garde(length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    prices: Vec<SeenPrice>,
    #[garde(skip)]
    contact: Contact,
    /// The language to write in.
    #[garde(skip)]
    #[schema(value_type = LocaleShape)]
    locale: Locale,
    #[garde(skip)]
    #[schema(value_type = PaymentMethodShape)]
    payment_method: PaymentMethod,
}

/// A price as the shopper saw it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeenPrice {
    #[schema(value_type = String)]
    product: ProductId,
    /// The price of one.
    #[schema(value_type = MoneyShape)]
    unit_price: Money,
}

/// Whom to write to, and where it goes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contact {
    /// The name on the label and in the greeting.
    #[schema(example = "Ada Lovelace", min_length = 1, max_length = 100)]
    name: String,
    /// Where mails go.
    #[schema(value_type = String, format = "email", example = "ada@example.org")]
    email: EmailAddress,
    address: NewAddress,
}

/// Where an order goes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAddress {
    #[schema(example = "12 St James's Square", min_length = 1, max_length = 200)]
    street: String,
    #[schema(example = "London", min_length = 1, max_length = 100)]
    city: String,
    #[schema(example = "SW1Y 4JH", min_length = 1, max_length = 20)]
    postal_code: String,
    /// ISO 3166-1 alpha-2.
    #[schema(example = "GB", pattern = "^[A-Z]{2}$")]
    country: String,
}

/// An order that was accepted; money and stock are being seen to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Placed {
    #[schema(value_type = String, example = "ord_0193456789ab70008000000000004de4")]
    id: OrderId,
    /// Always `placed`.
    status: &'static str,
    #[schema(value_type = MoneyShape)]
    total: Money,
    placed_at: DateTime<Utc>,
    /// When it gives up.
    expires_at: DateTime<Utc>,
}

impl From<Accepted> for Placed {
    fn from(accepted: Accepted) -> Self {
        let Accepted { id, total, placed_at, expires_at } = accepted;
        Self { id, status: "placed", total, placed_at, expires_at }
    }
}

/// A card as its holder reads it off. It passes through unread.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used: nothing here reads a card")]
pub(crate) struct NewCard {
    #[schema(format = Password)]
    number: String,
    /// 1 to 12.
    expiry_month: u32,
    /// With four digits.
    expiry_year: i32,
    /// Three or four digits.
    #[schema(format = Password)]
    cvc: String,
    /// The name on the card.
    holder: String,
}
