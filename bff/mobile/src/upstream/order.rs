//! What is asked of `order`: carts, placing, and orders as it knows them.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use shop_kernel::{Address, CartId, LocalizedText, Money, OrderId, ProductId};

use super::{Answer, Token, Upstream, own, query};

/// The caller's open cart.
#[derive(Debug, Deserialize)]
pub(crate) struct Cart {
    pub(crate) id: Option<CartId>,
    pub(crate) version: u64,
    pub(crate) lines: Vec<CartLine>,
    pub(crate) totals: Vec<Money>,
}

/// A product in a cart.
#[derive(Debug, Deserialize)]
pub(crate) struct CartLine {
    pub(crate) product: ProductId,
    pub(crate) quantity: u32,
    pub(crate) on_sale: bool,
    pub(crate) name: Option<LocalizedText>,
    pub(crate) unit_prices: Vec<Money>,
}

/// An order.
#[derive(Debug, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) total: Money,
    pub(crate) contact: ShipTo,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) cancellable_until: Option<DateTime<Utc>>,
    pub(crate) replaces: Option<OrderId>,
    pub(crate) stock: Stock,
    pub(crate) timeline: Vec<Entry>,
}

/// One product of an order; `order-history` writes it the same way.
#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) product: ProductId,
    pub(crate) name: LocalizedText,
    pub(crate) quantity: u32,
    pub(crate) unit_price: Money,
    pub(crate) total: Money,
}

/// The label of the parcel.
#[derive(Debug, Deserialize)]
pub(crate) struct ShipTo {
    pub(crate) name: String,
    pub(crate) address: Address,
}

/// What is known of the goods.
#[derive(Debug, Deserialize)]
pub(crate) struct Stock {
    pub(crate) state: String,
}

/// Something that happened to an order.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) at: DateTime<Utc>,
}

/// A stretch of orders, newest first.
#[derive(Debug, Deserialize)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<OrderId>,
}

/// An order in a list.
#[derive(Debug, Deserialize)]
pub(crate) struct Summary {
    pub(crate) id: OrderId,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) total: Money,
    pub(crate) placed_at: DateTime<Utc>,
}

/// An order that was accepted.
#[derive(Debug, Deserialize)]
pub(crate) struct Accepted {
    pub(crate) id: OrderId,
    pub(crate) total: Money,
    pub(crate) placed_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// What to do with one line of a cart.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LineChange {
    /// So many of it.
    Set(u32),
    /// So many more of it.
    Add(u32),
    /// None of it.
    Remove,
}

#[derive(Serialize)]
struct Quantity {
    quantity: u32,
}

#[derive(Serialize)]
struct Merge<'a> {
    guest_token: &'a str,
}

impl Upstream {
    pub(crate) async fn cart(&self, token: &Token) -> Answer<Cart> {
        own(&self.order, "/carts/current", token).await
    }

    pub(crate) async fn change_line(
        &self,
        token: &Token,
        product: ProductId,
        change: LineChange,
    ) -> Answer<Cart> {
        let path = format!("/carts/current/lines/{product}");
        let call = match change {
            LineChange::Set(quantity) => {
                self.order.call(Method::PUT, &path).json(&Quantity { quantity })
            }
            LineChange::Add(quantity) => {
                self.order.call(Method::POST, &path).json(&Quantity { quantity })
            }
            LineChange::Remove => self.order.call(Method::DELETE, &path),
        };
        call.bearer(&token.0).read().await
    }

    pub(crate) async fn merge_carts(&self, token: &Token, guest_token: &str) -> Answer<Cart> {
        let call = self.order.call(Method::POST, "/carts/merge").json(&Merge { guest_token });
        // A guest's cart is taken in once, however often it is asked for.
        call.bearer(&token.0).repeatable().read().await
    }

    /// Places an order; `key` makes it safe to ask again.
    pub(crate) async fn place(
        &self,
        token: &Token,
        key: &str,
        body: &(impl Serialize + Sync),
    ) -> Answer<Accepted> {
        self.keyed(token, key, "/orders", body).await
    }

    /// Places the lines of a cancelled order once more.
    pub(crate) async fn reorder(
        &self,
        token: &Token,
        key: &str,
        order: OrderId,
        body: &(impl Serialize + Sync),
    ) -> Answer<Accepted> {
        self.keyed(token, key, &format!("/orders/{order}/reorder"), body).await
    }

    async fn keyed(
        &self,
        token: &Token,
        key: &str,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Answer<Accepted> {
        let call = self.order.call(Method::POST, path).json(body).bearer(&token.0);
        call.header("idempotency-key", key).read().await
    }

    pub(crate) async fn cancel(&self, token: &Token, order: OrderId) -> Answer<Order> {
        let path = format!("/orders/{order}/cancel");
        // Cancelling again changes nothing.
        self.order.call(Method::POST, &path).bearer(&token.0).repeatable().read().await
    }

    /// One of the caller's orders; another's is refused as one there is not.
    pub(crate) async fn order(&self, token: &Token, order: OrderId) -> Answer<Order> {
        own(&self.order, &format!("/orders/{order}"), token).await
    }

    pub(crate) async fn orders(
        &self,
        token: &Token,
        status: Option<&str>,
        after: Option<OrderId>,
        limit: u32,
    ) -> Answer<Page<Summary>> {
        let (after, limit) = (after.map(|order| order.to_string()), limit.to_string());
        let parameters =
            [("status", status), ("after", after.as_deref()), ("limit", Some(limit.as_str()))];
        own(&self.order, &query::with("/orders", &parameters), token).await
    }
}
