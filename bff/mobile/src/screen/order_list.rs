//! The customer's orders, newest first.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use shop_kernel::{Money, OrderId, ProductId};
use utoipa::ToSchema;

use super::Gaps;
use super::order::{Status, shopper_status};
use crate::http::shape::MoneyShape;
use crate::http::taste::Taste;
use crate::upstream::catalog::Product;
use crate::upstream::history::Listed;
use crate::upstream::order::{Page, Summary};
use crate::upstream::{Answer, Token, Upstream};

/// A row shows no more products than these.
const SHOWN: usize = 3;

/// A stretch of orders.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderList {
    items: Vec<OrderRow>,
    /// The `after` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    next: Option<OrderId>,
    /// Whether a part could not be had just now.
    degraded: bool,
}

/// An order in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderRow {
    #[schema(value_type = String)]
    id: OrderId,
    /// `placed`, `confirmed` or `cancelled`.
    status: String,
    /// Why it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[schema(value_type = MoneyShape)]
    total: Money,
    placed_at: DateTime<Utc>,
    /// How many pieces; absent when only the outline of the order could be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    /// The first three products.
    items: Vec<OrderItem>,
}

/// A product of an order in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderItem {
    name: String,
    /// The slug of its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
}

/// Which orders.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Which {
    pub(crate) status: Option<Status>,
    pub(crate) after: Option<OrderId>,
    pub(crate) limit: u32,
}

impl OrderList {
    /// From the read model, and while that is away from `order`, which knows the outlines.
    pub(crate) async fn compose(
        upstream: &Upstream,
        token: &Token,
        which: Which,
        taste: Taste,
    ) -> Answer<Self> {
        let Which { status, after, limit } = which;
        let listed = upstream.listed(token, status.map(Status::name), after, limit).await;
        let away = match listed {
            Ok(page) => return Ok(Self::of(page, upstream, taste).await),
            Err(error) if error.is_outage() => error,
            Err(error) => return Err(error),
        };
        let mut gaps = Gaps::default();
        gaps.note("order-history", &away);
        let status = status.map(Status::name_in_order);
        let page = upstream.orders(token, status, after, limit).await?;
        let items = page.items.into_iter().map(OrderRow::from).collect();
        Ok(Self { items, next: page.next, degraded: gaps.degraded() })
    }

    async fn of(page: Page<Listed>, upstream: &Upstream, taste: Taste) -> Self {
        let mut gaps = Gaps::default();
        let lines = page.items.iter().flat_map(|order| order.lines.iter().take(SHOWN));
        let products = upstream.products(lines.map(|line| line.product)).await;
        let products = gaps.without("pictures", products).unwrap_or_default();
        let row = |order| OrderRow::of(order, &products, taste);
        let items = page.items.into_iter().map(row).collect();
        Self { items, next: page.next, degraded: gaps.degraded() }
    }

    /// The first of them.
    pub(crate) fn into_first(self) -> Option<OrderRow> {
        self.items.into_iter().next()
    }

    /// Whether a part could not be had.
    pub(crate) const fn is_degraded(&self) -> bool {
        self.degraded
    }
}

impl OrderRow {
    fn of(order: Listed, products: &HashMap<ProductId, Product>, taste: Taste) -> Self {
        let items = order.lines.iter().take(SHOWN).map(|line| OrderItem {
            name: taste.text(&line.name),
            picture: products.get(&line.product).map(|product| product.picture.clone()),
        });
        Self {
            id: order.order,
            items: items.collect(),
            status: order.status,
            reason: order.reason,
            total: order.total,
            placed_at: order.placed_at,
            count: Some(order.lines.iter().map(|line| line.quantity).sum()),
        }
    }
}

impl From<Summary> for OrderRow {
    fn from(summary: Summary) -> Self {
        Self {
            id: summary.id,
            status: shopper_status(summary.status),
            reason: summary.reason,
            total: summary.total,
            placed_at: summary.placed_at,
            count: None,
            items: Vec::new(),
        }
    }
}
