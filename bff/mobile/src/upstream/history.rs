//! What is asked of `order-history`.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use shop_kernel::{Money, OrderId};

use super::order::{Line, Page, ShipTo, Stock};
use super::{Answer, Token, Upstream, own, query};

/// An order as the read model shows it.
#[derive(Debug, Deserialize)]
pub(crate) struct Shown {
    pub(crate) order: OrderId,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) total: Money,
    pub(crate) lines: Vec<Line>,
    pub(crate) ship_to: ShipTo,
    pub(crate) money: Moved,
    pub(crate) stock: Stock,
    pub(crate) timeline: Vec<Step>,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) cancellable_until: Option<DateTime<Utc>>,
    pub(crate) replaces: Option<OrderId>,
}

/// What happened to the money.
#[derive(Debug, Deserialize)]
pub(crate) struct Moved {
    pub(crate) state: String,
    pub(crate) movements: Vec<Movement>,
}

/// One thing that was said about it.
#[derive(Debug, Deserialize)]
pub(crate) struct Movement {
    pub(crate) kind: String,
    pub(crate) amount: Money,
    pub(crate) reason: Option<String>,
    pub(crate) at: DateTime<Utc>,
}

/// A fact of an order.
#[derive(Debug, Deserialize)]
pub(crate) struct Step {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) time: DateTime<Utc>,
}

/// An order in a list.
#[derive(Debug, Deserialize)]
pub(crate) struct Listed {
    pub(crate) order: OrderId,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) total: Money,
    pub(crate) lines: Vec<Line>,
    pub(crate) placed_at: DateTime<Utc>,
}

impl Upstream {
    /// One of the caller's orders; unknown for a moment after it was placed.
    pub(crate) async fn shown(&self, token: &Token, order: OrderId) -> Answer<Shown> {
        own(&self.history, &format!("/orders/{order}"), token).await
    }

    pub(crate) async fn listed(
        &self,
        token: &Token,
        status: Option<&str>,
        after: Option<OrderId>,
        limit: u32,
    ) -> Answer<Page<Listed>> {
        let (after, limit) = (after.map(|order| order.to_string()), limit.to_string());
        let parameters =
            [("status", status), ("after", after.as_deref()), ("limit", Some(limit.as_str()))];
        own(&self.history, &query::with("/orders", &parameters), token).await
    }
}
