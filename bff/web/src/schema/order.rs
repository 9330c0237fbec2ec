//! An order as its customer sees it: what was bought, where the money is, what the services told
//! each other.

mod again;
mod compose;
mod read;
mod words;

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use shop_kernel::OrderId;
use uuid::Uuid;

pub(crate) use compose::composed;
pub(crate) use read::{around, page, whole};
pub(crate) use words::{CancelReason, MoneyState, MovementKind, OrderStatus, StockState};

use super::cart::Cart;
use super::mail::Mail;
use super::money::{Money, Text};
use super::product::Product;
use super::{Loaders, Nullable};
use crate::session::Visitor;
use crate::upstream::Upstream;

/// No order has more mails: receipt, confirmation, cancellation, refund.
const MAILS: usize = 20;

/// One order of the signed-in customer.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(complex)]
pub(crate) struct Order {
    #[graphql(skip)]
    order: OrderId,
    /// Whether it was asked for by itself: lists have less.
    #[graphql(skip)]
    whole: bool,
    status: OrderStatus,
    reason: Option<CancelReason>,
    total: Money,
    /// What was bought, in the order of the cart.
    lines: Vec<OrderLine>,
    /// Absent in lists.
    ship_to: Option<ShipTo>,
    /// Absent where nobody could be asked.
    money_state: Option<MoneyState>,
    /// Every move of money, refunds as their own lines, oldest first; empty in lists.
    movements: Vec<Movement>,
    /// Absent where nobody could be asked.
    stock_state: Option<StockState>,
    /// Which lines could not be held.
    short: Vec<ShortLine>,
    /// The saga: every event, causes before their effects; empty in lists.
    events: Vec<SagaEvent>,
    placed_at: DateTime<Utc>,
    /// When it gives up waiting for money and stock; absent in lists.
    expires_at: Option<DateTime<Utc>>,
    confirmed_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
    /// Whoever told of it says until when, also when that is over.
    #[graphql(skip)]
    cancellable_until: Option<DateTime<Utc>>,
    /// The cancelled order it bought again.
    replaces: Option<ID>,
    /// Whether it was put together from `order` and `payment` because the read model is away:
    /// some events and times are missing.
    degraded: bool,
}

/// A stretch of orders.
#[derive(Debug, SimpleObject)]
pub(crate) struct OrderPage {
    items: Vec<Order>,
    /// The `after` of the next page; absent on the last.
    next: Option<String>,
    /// Whether the read model is away and the list comes from `order`, without lines.
    degraded: bool,
}

/// One product of an order, at the price it was bought for.
#[derive(Debug, Clone, SimpleObject, Deserialize)]
#[graphql(complex)]
pub(crate) struct OrderLine {
    #[serde(rename = "product")]
    pub(crate) product_id: ID,
    /// Its name on that day.
    name: Text,
    pub(crate) quantity: i32,
    unit_price: Money,
    total: Money,
}

/// Where an order goes.
#[derive(Debug, Clone, SimpleObject, Deserialize)]
pub(crate) struct ShipTo {
    name: String,
    address: Address,
}

/// A postal address.
#[derive(Debug, Clone, SimpleObject, Deserialize)]
struct Address {
    street: String,
    city: String,
    postal_code: String,
    /// ISO 3166-1 alpha-2.
    country: String,
}

/// A line that could not be held.
#[derive(Debug, Clone, SimpleObject, Deserialize)]
pub(crate) struct ShortLine {
    #[serde(rename = "product")]
    product_id: ID,
    /// How many were asked for.
    requested: u32,
    /// How many there were.
    available: u32,
}

/// Money that moved, or failed to.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Movement {
    kind: MovementKind,
    amount: Money,
    /// What was charged, as a person may read it.
    method: Option<MovementMethod>,
    /// As `declined`, `insufficient-funds`, `credit-limit-exceeded`.
    reason: Option<String>,
    at: DateTime<Utc>,
}

/// What was charged or refunded.
#[derive(Debug, Clone, SimpleObject, Deserialize)]
pub(crate) struct MovementMethod {
    /// `card` or `store-credit`.
    kind: String,
    #[serde(default)]
    brand: Option<String>,
    #[serde(default)]
    last4: Option<String>,
}

/// Something that happened to an order, as the services told each other.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(complex)]
pub(crate) struct SagaEvent {
    #[graphql(skip)]
    order: OrderId,
    /// The message's id; absent where the order is degraded.
    message_id: Option<ID>,
    /// The wire type, as `stock.reserved.v1`.
    kind: String,
    /// The service that said it.
    producer: String,
    at: DateTime<Utc>,
    /// Why, where something went wrong.
    reason: Option<String>,
    /// The W3C trace it belongs to.
    trace_id: Option<String>,
    /// The message that led to it.
    causation_id: Option<ID>,
}

/// That a service took in a message: a row of its inbox.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Receipt {
    pub(crate) service: String,
    /// The queue it came from.
    pub(crate) consumer: String,
    /// Which attempt took it in, from 1.
    pub(crate) attempt: i32,
    pub(crate) received_at: DateTime<Utc>,
    pub(crate) committed_at: DateTime<Utc>,
}

#[ComplexObject]
impl Order {
    /// As `ord_…`.
    async fn id(&self) -> ID {
        ID(self.order.to_string())
    }

    /// Until when it may be cancelled; absent once it cannot.
    async fn cancellable_until(&self, ctx: &Context<'_>) -> Result<Option<DateTime<Utc>>> {
        let now = ctx.data::<Arc<Visitor>>()?.now();
        Ok(self.cancellable_until.filter(|until| now <= *until))
    }

    /// Services that could not be asked what they took in: their rows are missing from the
    /// events.
    #[graphql(complexity = "super::cost::WIDE")]
    async fn silent_services(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        if !self.whole {
            return Ok(Vec::new());
        }
        let receipts = ctx.data::<Arc<Loaders>>()?.receipts.load(self.order).await?;
        Ok(receipts.map(|receipts| receipts.silent.clone()).unwrap_or_default())
    }

    /// What `payAgain` would order: the lines of a cancelled order at today's prices, as a cart
    /// shows them. Null for any other order. While the catalog is away, at the prices of that day;
    /// the shop says `price-changed` where they are not.
    async fn again(&self, ctx: &Context<'_>) -> Result<Option<Cart>> {
        Ok(again::again(self, ctx.data::<Arc<Loaders>>()?).await)
    }

    /// The mails about it; null, with an error, while email is away.
    #[graphql(complexity = "super::cost::WIDE + child_complexity")]
    async fn mails(&self, ctx: &Context<'_>) -> Nullable<Vec<Mail>> {
        let asked = async {
            let token = ctx.data::<Arc<Visitor>>()?.customer()?;
            let upstream = ctx.data::<Arc<Upstream>>()?;
            Ok(upstream.mails(&token, Some(self.order), None, MAILS).await?.items)
        };
        Some(asked.await)
    }
}

#[ComplexObject]
impl OrderLine {
    /// The product today, for its picture; null, with an error, while the catalog is away.
    async fn product(&self, ctx: &Context<'_>) -> Nullable<Product> {
        let found = ctx.data_unchecked::<Arc<Loaders>>().product(&self.product_id).await;
        found.map_err(Into::into).transpose()
    }
}

#[ComplexObject]
impl SagaEvent {
    /// Who took it in, when, at which attempt; asks every service, so ask only under the hood.
    #[graphql(complexity = "super::cost::WIDE + child_complexity")]
    async fn taken_in(&self, ctx: &Context<'_>) -> Result<Vec<Receipt>> {
        let Some(message) = self.message_id.as_ref().and_then(|id| id.parse::<Uuid>().ok()) else {
            return Ok(Vec::new());
        };
        let receipts = ctx.data::<Arc<Loaders>>()?.receipts.load(self.order).await?;
        Ok(receipts.and_then(|known| known.of.get(&message).cloned()).unwrap_or_default())
    }
}

impl Order {
    pub(crate) fn bought(&self) -> &[OrderLine] {
        &self.lines
    }

    /// Whether nothing has happened since `before`: an order only ever gains.
    pub(crate) fn is_as(&self, before: &Self) -> bool {
        let told = |order: &Self| (order.status, order.events.len(), order.movements.len());
        told(self) == told(before)
    }
}
