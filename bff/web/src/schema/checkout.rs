//! Placing orders: what a shopper sends, and what `order` is sent for it.

use async_graphql::{ID, InputObject, OneofObject, SimpleObject};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shop_kernel::{OrderId, PaymentMethodId};

use super::cart::Cart;
use super::money::{Currency, Locale, Money};
use crate::failure::Failure;

/// A checkout: what was seen, and what else an order needs.
#[derive(InputObject)]
pub(crate) struct CheckoutInput {
    cart: ID,
    /// The version of it that was seen.
    cart_version: u32,
    currency: Currency,
    /// The price of each product in the cart, as it was seen.
    prices: Vec<SeenPriceInput>,
    contact: ContactInput,
    locale: Locale,
    payment_method: PaymentMethodInput,
}

/// A price as the shopper saw it.
#[derive(InputObject, Serialize)]
struct SeenPriceInput {
    product: ID,
    /// The price of one.
    unit_price: Money,
}

/// Whom to write to, and where it goes.
#[derive(InputObject, Serialize)]
struct ContactInput {
    name: String,
    email: String,
    address: AddressInput,
}

/// A postal address.
#[derive(InputObject, Serialize)]
struct AddressInput {
    street: String,
    city: String,
    postal_code: String,
    /// ISO 3166-1 alpha-2.
    country: String,
}

/// Either a stored card, or store credit (true).
#[derive(OneofObject)]
enum PaymentMethodInput {
    /// Its id.
    Card(ID),
    /// In the currency of the order.
    StoreCredit(bool),
}

/// The lines of a cancelled order, once more.
#[derive(InputObject)]
pub(crate) struct PayAgainInput {
    order: ID,
    payment_method: PaymentMethodInput,
    /// As before, when absent.
    contact: Option<ContactInput>,
    /// As before, when absent.
    locale: Option<Locale>,
    /// The prices that were seen; today's are taken unseen when absent.
    prices: Option<Vec<SeenPriceInput>>,
}

/// An order that was accepted and waits for money and stock.
#[derive(SimpleObject, Deserialize)]
pub(crate) struct PlacedOrder {
    id: ID,
    total: Money,
    placed_at: DateTime<Utc>,
    /// When it gives up.
    expires_at: DateTime<Utc>,
}

/// What went into the cart again, and what could not.
#[derive(SimpleObject)]
pub(crate) struct BoughtAgain {
    pub(crate) cart: Cart,
    /// Products that are not on sale any more.
    pub(crate) left_out: Vec<ID>,
}

/// A checkout as `order` takes it.
#[derive(Serialize)]
pub(crate) struct CheckoutBody {
    cart: ID,
    cart_version: u32,
    currency: Currency,
    prices: Vec<SeenPriceInput>,
    contact: ContactInput,
    locale: Locale,
    payment_method: Method,
}

/// A reorder as `order` takes it.
#[derive(Serialize)]
pub(crate) struct ReorderBody {
    payment_method: Method,
    contact: Option<ContactInput>,
    locale: Option<Locale>,
    prices: Option<Vec<SeenPriceInput>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Method {
    Card(String),
    StoreCredit,
}

impl TryFrom<PaymentMethodInput> for Method {
    type Error = Failure;

    fn try_from(method: PaymentMethodInput) -> Result<Self, Failure> {
        match method {
            PaymentMethodInput::StoreCredit(true) => Ok(Self::StoreCredit),
            PaymentMethodInput::StoreCredit(false) => {
                Err(Failure::not_valid("name a card, or say that store credit pays"))
            }
            PaymentMethodInput::Card(id) => match id.parse::<PaymentMethodId>() {
                Ok(id) => Ok(Self::Card(id.to_string())),
                Err(error) => Err(Failure::not_valid(format!("card: {error}"))),
            },
        }
    }
}

impl TryFrom<CheckoutInput> for CheckoutBody {
    type Error = Failure;

    fn try_from(input: CheckoutInput) -> Result<Self, Failure> {
        let CheckoutInput { cart, cart_version, currency, prices, contact, locale, .. } = input;
        let payment_method = input.payment_method.try_into()?;
        Ok(Self { cart, cart_version, currency, prices, contact, locale, payment_method })
    }
}

impl PayAgainInput {
    /// Which order, and what `order` is sent for it.
    pub(crate) fn into_parts(self) -> Result<(OrderId, ReorderBody), Failure> {
        let Self { order, payment_method, contact, locale, prices } = self;
        let order = super::order_id(&order)?;
        let payment_method = payment_method.try_into()?;
        Ok((order, ReorderBody { payment_method, contact, locale, prices }))
    }
}
