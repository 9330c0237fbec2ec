//! What is asked of the catalog. All of it is public.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use shop_kernel::{Currency, LocalizedText, Money, ProductId};
use utoipa::ToSchema;

use super::{Answer, Upstream, query};

/// The most ids the catalog takes at once.
const MOST_IDS: usize = 100;

/// A product, as far as a screen needs it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Product {
    pub(crate) id: ProductId,
    pub(crate) slug: String,
    pub(crate) category: String,
    pub(crate) name: LocalizedText,
    pub(crate) description: LocalizedText,
    pub(crate) prices: Vec<Money>,
    pub(crate) picture: String,
    pub(crate) on_sale: bool,
    pub(crate) stock: StockMark,
}

/// How much of a product there is, as far as a shopper needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum StockMark {
    /// Plenty.
    InStock,
    /// So few that the number matters.
    FewLeft {
        /// How many can still be bought.
        left: u32,
    },
    /// None.
    SoldOut,
}

/// A stretch of products.
#[derive(Debug, Deserialize)]
pub(crate) struct ProductPage {
    pub(crate) items: Vec<Product>,
    pub(crate) next: Option<String>,
}

/// A category of products.
#[derive(Debug, Deserialize)]
pub(crate) struct Category {
    pub(crate) slug: String,
    pub(crate) name: LocalizedText,
    pub(crate) products: u64,
}

#[derive(Debug, Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

/// Which products, in which order.
#[derive(Debug, Default)]
pub(crate) struct Browse {
    pub(crate) text: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) min_price: Option<i64>,
    pub(crate) max_price: Option<i64>,
    pub(crate) sort: Option<&'static str>,
    pub(crate) after: Option<String>,
    pub(crate) limit: u32,
}

impl Upstream {
    /// A stretch of the products on sale.
    pub(crate) async fn browse(&self, browse: &Browse, currency: Currency) -> Answer<ProductPage> {
        let number = |value: Option<i64>| value.map(|value| value.to_string());
        let (min, max) = (number(browse.min_price), number(browse.max_price));
        let limit = browse.limit.to_string();
        let path = query::with(
            "/products",
            &[
                ("q", browse.text.as_deref()),
                ("category", browse.category.as_deref()),
                ("min_price", min.as_deref()),
                ("max_price", max.as_deref()),
                ("currency", Some(currency.code())),
                ("sort", browse.sort),
                ("after", browse.after.as_deref()),
                ("limit", Some(&limit)),
            ],
        );
        self.catalog.get_json(&path).await
    }

    /// One product, by id or slug. `name` must be plain: it becomes part of an address.
    pub(crate) async fn product(&self, name: &str) -> Answer<Product> {
        self.catalog.get_json(&format!("/products/{name}")).await
    }

    /// Those of these products that there are, by id.
    pub(crate) async fn products(
        &self,
        ids: impl IntoIterator<Item = ProductId>,
    ) -> Answer<HashMap<ProductId, Product>> {
        // Sorted and once each: carts with the same products ask the same.
        let ids: BTreeSet<_> = ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<_> = ids.iter().take(MOST_IDS).map(ProductId::to_string).collect();
        let path = format!("/products/batch?ids={}", ids.join(","));
        let found: Items<Product> = self.catalog.get_json(&path).await?;
        Ok(found.items.into_iter().map(|product| (product.id, product)).collect())
    }

    /// Every category.
    pub(crate) async fn categories(&self) -> Answer<Vec<Category>> {
        let found: Items<Category> = self.catalog.get_json("/categories").await?;
        Ok(found.items)
    }
}
