//! The cart.

use std::collections::HashMap;

use serde::Serialize;
use shop_kernel::{CartId, Money, ProductId};
use utoipa::ToSchema;

use super::Gaps;
use crate::http::shape::MoneyShape;
use crate::http::taste::Taste;
use crate::upstream::Upstream;
use crate::upstream::catalog::{Product, StockMark};
use crate::upstream::order::{Cart, CartLine};

/// The caller's cart at today's prices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CartScreen {
    /// Absent while nothing was put into a cart yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    id: Option<CartId>,
    /// What a checkout has to name.
    version: u64,
    /// How many pieces.
    count: u32,
    lines: Vec<CartRow>,
    /// Absent when not everything is sold in the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>)]
    total: Option<Money>,
    /// Whether a part could not be had just now.
    degraded: bool,
}

/// A product in the cart.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CartRow {
    #[schema(value_type = String)]
    product: ProductId,
    quantity: u32,
    /// Whether it may be bought now.
    on_sale: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The price of one, which a checkout repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>)]
    price: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>)]
    total: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slug: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stock: Option<StockMark>,
}

impl CartScreen {
    /// The cart with its pictures; without them when the catalog does not answer.
    pub(crate) async fn compose(cart: Cart, upstream: &Upstream, taste: Taste) -> Self {
        let mut gaps = Gaps::default();
        let products = upstream.products(cart.lines.iter().map(|line| line.product)).await;
        let products = gaps.without("pictures", products).unwrap_or_default();
        Self {
            id: cart.id,
            version: cart.version,
            count: cart.pieces(),
            total: taste.price(&cart.totals),
            lines: cart.lines.into_iter().map(|line| CartRow::of(line, &products, taste)).collect(),
            degraded: gaps.degraded(),
        }
    }

    /// Whether a part could not be had.
    pub(crate) const fn is_degraded(&self) -> bool {
        self.degraded
    }
}

impl CartRow {
    fn of(line: CartLine, products: &HashMap<ProductId, Product>, taste: Taste) -> Self {
        let known = products.get(&line.product);
        let price = taste.price(&line.unit_prices);
        Self {
            product: line.product,
            quantity: line.quantity,
            on_sale: line.on_sale,
            name: line.name.as_ref().map(|name| taste.text(name)),
            price,
            total: price.and_then(|price| price.times(line.quantity).ok()),
            slug: known.map(|product| product.slug.clone()),
            picture: known.map(|product| product.picture.clone()),
            stock: known.map(|product| product.stock),
        }
    }
}

impl Cart {
    /// How many pieces are in it.
    pub(crate) fn pieces(&self) -> u32 {
        self.lines.iter().map(|line| line.quantity).sum()
    }

    /// How many of one product are in it.
    pub(crate) fn pieces_of(&self, product: ProductId) -> u32 {
        self.lines.iter().filter(|line| line.product == product).map(|line| line.quantity).sum()
    }
}
