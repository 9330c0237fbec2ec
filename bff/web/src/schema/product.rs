//! Products and categories.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, ID, SimpleObject};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::money::{Money, Text};
use super::{Loaders, Nullable};

/// Something the shop sells.
#[derive(Debug, Clone, SimpleObject, Deserialize)]
#[graphql(complex)]
pub(crate) struct Product {
    pub(crate) id: ID,
    /// Its name in addresses.
    pub(crate) slug: String,
    /// The slug of its category.
    pub(crate) category: String,
    name: Text,
    description: Text,
    /// Its price in each currency.
    pub(crate) prices: Vec<Money>,
    /// The slug of its picture.
    picture: String,
    tags: Vec<String>,
    pub(crate) on_sale: bool,
    stock: Stock,
    added_at: DateTime<Utc>,
}

/// How much there is of a product, as a shopper is told.
#[derive(Debug, Clone, Copy, SimpleObject, Deserialize)]
struct Stock {
    #[serde(rename = "state")]
    level: StockLevel,
    /// How many can still be bought, where there are few.
    #[serde(default)]
    left: Option<u32>,
}

/// A shopper is not told more than what helps to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StockLevel {
    /// Plenty.
    InStock,
    /// So few that the number matters.
    FewLeft,
    /// None.
    SoldOut,
}

/// A stretch of products.
#[derive(Debug, SimpleObject, Deserialize)]
pub(crate) struct ProductPage {
    pub(crate) items: Vec<Product>,
    /// The `after` of the next page; absent on the last.
    next: Option<String>,
}

/// A category of products.
#[derive(Debug, SimpleObject, Deserialize)]
pub(crate) struct Category {
    slug: String,
    name: Text,
    /// How many of its products are on sale.
    products: u32,
}

/// The order of a list of products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ProductSort {
    /// What matches best first; by popularity where nothing is looked for.
    Relevance,
    /// The most popular first.
    Popular,
    /// The latest additions first.
    Newest,
    /// The cheapest first; needs a currency.
    PriceAsc,
    /// The dearest first; needs a currency.
    PriceDesc,
}

impl ProductSort {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Popular => "popular",
            Self::Newest => "newest",
            Self::PriceAsc => "price_asc",
            Self::PriceDesc => "price_desc",
        }
    }
}

#[ComplexObject]
impl Product {
    /// Others of its category, the most popular first.
    #[graphql(complexity = "super::cost::list(limit, child_complexity)")]
    async fn related(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 4, validator(minimum = 1, maximum = 12))] limit: i32,
    ) -> Nullable<Vec<Product>> {
        let loaders = ctx.data_unchecked::<Arc<Loaders>>();
        let row = match loaders.popular_in.load(self.category.clone()).await {
            Ok(row) => row.unwrap_or_default(),
            Err(failure) => return Some(Err(failure.into())),
        };
        let others = row.into_iter().filter(|other| other.id != self.id);
        Some(Ok(others.take(usize::try_from(limit).unwrap_or_default()).collect()))
    }
}
