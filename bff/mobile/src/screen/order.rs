//! One order, from whoever can tell of it.

mod from_history;
mod from_order;
mod source;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shop_kernel::{Address, Money, OrderId, ProductId};
use utoipa::ToSchema;

use crate::http::shape::{AddressShape, MoneyShape};
use crate::http::taste::Taste;
use crate::upstream::catalog::Product;
use crate::upstream::order::{Line, ShipTo};

/// An order with its lines, its money and what happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderScreen {
    #[schema(value_type = String)]
    id: OrderId,
    /// `placed`, `confirmed` or `cancelled`.
    status: String,
    /// Why it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[schema(value_type = MoneyShape)]
    total: Money,
    lines: Vec<OrderLine>,
    ship_to: Label,
    /// Absent when it could not be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    money: Option<MoneyPart>,
    /// `pending`, `held`, `rejected` or `released`.
    stock: String,
    /// What happened, causes before their effects.
    steps: Vec<Step>,
    placed_at: DateTime<Utc>,
    /// Until when it may be cancelled; absent when it may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellable_until: Option<DateTime<Utc>>,
    /// The cancelled order it bought again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    replaces: Option<OrderId>,
    /// Whether a part could not be had just now.
    degraded: bool,
}

/// One product of an order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderLine {
    #[schema(value_type = String)]
    product: ProductId,
    /// Its name on that day.
    name: String,
    quantity: u32,
    #[schema(value_type = MoneyShape)]
    price: Money,
    #[schema(value_type = MoneyShape)]
    total: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    slug: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
}

/// The label of the parcel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Label {
    name: String,
    #[schema(value_type = AddressShape)]
    address: Address,
}

/// What happened to the money.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MoneyPart {
    /// `pending`, `charged`, `failed`, `refunded` or `refund-parked`.
    state: String,
    /// How it moved, or did not, oldest first.
    movements: Vec<Movement>,
}

/// One move of money.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Movement {
    /// `charge`, `charge-failed`, `refund` or `refund-parked`.
    kind: String,
    #[schema(value_type = MoneyShape)]
    amount: Money,
    /// Why nothing moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Absent where only the read model knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<DateTime<Utc>>,
}

/// Something that happened to the order.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Step {
    /// As `placed`, `payment-processed`, `stock-reserved`, `confirmed`.
    kind: String,
    at: DateTime<Utc>,
}

/// Where an order stands, in a shopper's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Status {
    /// Accepted; money or stock is still uncertain.
    Placed,
    /// Paid and held.
    Confirmed,
    /// Ended without a sale.
    Cancelled,
}

/// What `order` calls an order that is placed.
const PROVISIONAL: &str = "provisional";

impl Status {
    /// Its name on the wire, here and at `order-history`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Its name at `order`.
    pub(crate) const fn name_in_order(self) -> &'static str {
        match self {
            Self::Placed => PROVISIONAL,
            Self::Confirmed | Self::Cancelled => self.name(),
        }
    }
}

/// A status of `order`'s in a shopper's words.
pub(crate) fn shopper_status(status: String) -> String {
    if status == PROVISIONAL { Status::Placed.name().to_owned() } else { status }
}

impl OrderScreen {
    /// The order as it stands at this moment: whoever told of it says until when it may be
    /// cancelled also when that is over.
    pub(crate) fn at(self, now: DateTime<Utc>) -> Self {
        Self { cancellable_until: self.cancellable_until.filter(|until| now <= *until), ..self }
    }
}

impl OrderLine {
    fn of(line: Line, products: &HashMap<ProductId, Product>, taste: Taste) -> Self {
        let known = products.get(&line.product);
        Self {
            product: line.product,
            name: taste.text(&line.name),
            quantity: line.quantity,
            price: line.unit_price,
            total: line.total,
            slug: known.map(|product| product.slug.clone()),
            picture: known.map(|product| product.picture.clone()),
        }
    }
}

impl From<ShipTo> for Label {
    fn from(ship_to: ShipTo) -> Self {
        Self { name: ship_to.name, address: ship_to.address }
    }
}
