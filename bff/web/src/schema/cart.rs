//! The cart.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use serde::Deserialize;

use super::money::{Money, Text};
use super::product::Product;
use super::{Loaders, Nullable};

/// The open cart of whoever asks, at today's prices.
#[derive(Debug, Clone, Default, SimpleObject, Deserialize)]
#[graphql(complex)]
pub(crate) struct Cart {
    /// Absent while nothing was put into a cart yet.
    id: Option<ID>,
    /// What a checkout has to name.
    version: u32,
    lines: Vec<CartLine>,
    /// The sum, in each currency in which everything can be bought.
    totals: Vec<Money>,
}

/// A product in a cart.
#[derive(Debug, Clone, SimpleObject, Deserialize)]
#[graphql(complex)]
struct CartLine {
    #[serde(rename = "product")]
    product_id: ID,
    /// Absent while the price list is loading.
    name: Option<Text>,
    quantity: u32,
    /// Whether it may be bought now.
    on_sale: bool,
    /// The price of one in each currency; what a checkout has to repeat for its currency.
    unit_prices: Vec<Money>,
}

#[ComplexObject]
impl Cart {
    /// How many pieces are in it.
    async fn count(&self) -> u32 {
        self.lines.iter().map(|line| line.quantity).sum()
    }
}

#[ComplexObject]
impl CartLine {
    /// Picture, slug and stock; null, with an error, while the catalog is away.
    async fn product(&self, ctx: &Context<'_>) -> Nullable<Product> {
        let found = ctx.data_unchecked::<Arc<Loaders>>().product(&self.product_id).await;
        found.map_err(Into::into).transpose()
    }
}
