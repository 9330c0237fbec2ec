//! Orders: as `order-history` shows them, and as `order`, who decides, knows them.

use actix_web::http::StatusCode;
use async_graphql::ID;
use chassis::peer::PeerError;
use chrono::{DateTime, Utc};
use reqwest::{Method, Response};
use serde::{Deserialize, Serialize};
use shop_kernel::OrderId;
use std::time::Duration;
use uuid::Uuid;

use super::{Upstream, address};
use crate::failure::Failure;
use crate::schema::checkout::{CheckoutBody, PlacedOrder, ReorderBody};
use crate::schema::money::Money;
use crate::schema::order::{
    CancelReason, MoneyState, MovementKind, MovementMethod, OrderLine, OrderStatus, ShipTo,
    ShortLine, StockState,
};

/// Longer than order-history lets anyone listen.
const LISTEN_AT_MOST: Duration = Duration::from_secs(15 * 60);

/// An order as the read model shows it.
#[derive(Debug, Deserialize)]
pub(crate) struct OrderView {
    pub(crate) order: OrderId,
    pub(crate) status: OrderStatus,
    pub(crate) reason: Option<CancelReason>,
    pub(crate) total: Money,
    pub(crate) lines: Vec<OrderLine>,
    pub(crate) ship_to: ShipTo,
    pub(crate) money: MoneyView,
    pub(crate) stock: StockView,
    pub(crate) timeline: Vec<Step>,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) confirmed_at: Option<DateTime<Utc>>,
    pub(crate) cancelled_at: Option<DateTime<Utc>>,
    pub(crate) cancellable_until: Option<DateTime<Utc>>,
    pub(crate) replaces: Option<ID>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MoneyView {
    pub(crate) state: MoneyState,
    pub(crate) movements: Vec<MovementView>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MovementView {
    pub(crate) kind: MovementKind,
    pub(crate) amount: Money,
    pub(crate) method: Option<MovementMethod>,
    pub(crate) reason: Option<String>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) message: Uuid,
}

#[derive(Debug, Deserialize)]
pub(crate) struct StockView {
    pub(crate) state: StockState,
    pub(crate) short: Vec<ShortLine>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Step {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) producer: String,
    pub(crate) time: DateTime<Utc>,
    pub(crate) trace_id: Option<String>,
    pub(crate) message_id: Uuid,
    pub(crate) causation_id: Option<Uuid>,
}

/// A page of the read model's list.
#[derive(Debug, Deserialize)]
pub(crate) struct ViewPage {
    pub(crate) items: Vec<ViewSummary>,
    pub(crate) next: Option<String>,
}

/// An order in the read model's list.
#[derive(Debug, Deserialize)]
pub(crate) struct ViewSummary {
    pub(crate) order: OrderId,
    pub(crate) status: OrderStatus,
    pub(crate) reason: Option<CancelReason>,
    pub(crate) total: Money,
    pub(crate) lines: Vec<OrderLine>,
    pub(crate) money: MoneyState,
    pub(crate) stock: StockState,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) cancellable_until: Option<DateTime<Utc>>,
    pub(crate) replaces: Option<ID>,
}

/// An order as the service that decides about it knows it.
#[derive(Debug, Deserialize)]
pub(crate) struct OrderBody {
    pub(crate) id: OrderId,
    pub(crate) status: OrderStatus,
    pub(crate) reason: Option<CancelReason>,
    pub(crate) lines: Vec<OrderLine>,
    pub(crate) total: Money,
    pub(crate) contact: ShipTo,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) confirmed_at: Option<DateTime<Utc>>,
    pub(crate) cancelled_at: Option<DateTime<Utc>>,
    pub(crate) cancellable_until: Option<DateTime<Utc>>,
    pub(crate) replaces: Option<ID>,
    pub(crate) payment: Known,
    pub(crate) stock: Known,
    pub(crate) timeline: Vec<Entry>,
}

/// What `order` heard of money or goods.
#[derive(Debug, Deserialize)]
pub(crate) struct Known {
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) short: Vec<ShortLine>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) at: DateTime<Utc>,
    #[serde(default)]
    pub(crate) reason: Option<String>,
}

/// A page of `order`'s own list.
#[derive(Debug, Deserialize)]
pub(crate) struct SummaryPage {
    pub(crate) items: Vec<Summary>,
    pub(crate) next: Option<String>,
}

/// An order in `order`'s own list.
#[derive(Debug, Deserialize)]
pub(crate) struct Summary {
    pub(crate) id: OrderId,
    pub(crate) status: OrderStatus,
    pub(crate) reason: Option<CancelReason>,
    pub(crate) total: Money,
    pub(crate) placed_at: DateTime<Utc>,
}

/// What came of asking to follow an order.
pub(crate) enum Follow {
    /// Its updates, as server-sent events.
    Updates(Response),
    /// The read model has not heard of it, or it is another's.
    Unknown,
}

#[derive(Serialize)]
struct Nothing {}

impl Upstream {
    /// The order, from the read model; none where it has not heard of it.
    pub(crate) async fn order_view(
        &self,
        token: &str,
        order: OrderId,
    ) -> Result<Option<OrderView>, Failure> {
        let call = self.history.call(Method::GET, &format!("/orders/{order}")).bearer(token);
        found(call.read().await)
    }

    /// The order, from the service that decides about it.
    pub(crate) async fn order_body(
        &self,
        token: &str,
        order: OrderId,
    ) -> Result<Option<OrderBody>, Failure> {
        let call = self.order.call(Method::GET, &format!("/orders/{order}")).bearer(token);
        found(call.read().await)
    }

    pub(crate) async fn order_views(
        &self,
        token: &str,
        status: Option<OrderStatus>,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<ViewPage, Failure> {
        let path = list(status.map(OrderStatus::in_the_read_model), after, limit);
        Ok(self.history.call(Method::GET, &path).bearer(token).read().await?)
    }

    pub(crate) async fn order_summaries(
        &self,
        token: &str,
        status: Option<OrderStatus>,
        after: Option<OrderId>,
        limit: usize,
    ) -> Result<SummaryPage, Failure> {
        let path = list(status.map(OrderStatus::in_order), after, limit);
        Ok(self.order.call(Method::GET, &path).bearer(token).read().await?)
    }

    /// Starts listening to an order.
    pub(crate) async fn follow(&self, token: &str, order: OrderId) -> Result<Follow, Failure> {
        let path = format!("/orders/{order}/updates");
        let call = self.history.call(Method::GET, &path).bearer(token);
        match call.streaming_for(LISTEN_AT_MOST).send().await {
            Ok(response) => Ok(Follow::Updates(response)),
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(Follow::Unknown),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn place(
        &self,
        token: &str,
        key: &str,
        checkout: &CheckoutBody,
    ) -> Result<PlacedOrder, Failure> {
        let call = self.order.call(Method::POST, "/orders").bearer(token).json(checkout);
        Ok(call.header("idempotency-key", key).read().await?)
    }

    pub(crate) async fn reorder(
        &self,
        token: &str,
        key: &str,
        order: OrderId,
        body: &ReorderBody,
    ) -> Result<PlacedOrder, Failure> {
        let path = format!("/orders/{order}/reorder");
        let call = self.order.call(Method::POST, &path).bearer(token).json(body);
        Ok(call.header("idempotency-key", key).read().await?)
    }

    pub(crate) async fn cancel(&self, token: &str, order: OrderId) -> Result<OrderBody, Failure> {
        let path = format!("/orders/{order}/cancel");
        let call = self.order.call(Method::POST, &path).bearer(token);
        Ok(call.json(&Nothing {}).read().await?)
    }
}

fn found<T>(answer: Result<T, PeerError>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn list(status: Option<&'static str>, after: Option<OrderId>, limit: usize) -> String {
    address(
        "/orders",
        &[
            ("status", status.map(ToOwned::to_owned)),
            ("after", after.map(|after| after.to_string())),
            ("limit", Some(limit.to_string())),
        ],
    )
}
