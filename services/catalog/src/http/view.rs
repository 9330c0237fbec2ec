//! What clients are shown of products and categories.

use chrono::{DateTime, Utc};
use serde::Serialize;
use shop_kernel::{LocalizedText, Money, ProductId};
use utoipa::ToSchema;

use crate::catalog::{Listed, Page, Position, Shelved};
use crate::product::{StockMark, Texts};

/// A product as a shopper sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub(super) struct ProductView {
    /// Its id, as `prd_…`.
    #[schema(value_type = String)]
    id: ProductId,
    /// Counts its changes; a change must name the one it is based on.
    version: u64,
    /// Its name in addresses.
    slug: String,
    /// The slug of its category.
    category: String,
    #[schema(value_type = Texts)]
    name: LocalizedText,
    #[schema(value_type = Texts)]
    description: LocalizedText,
    /// Its price in each currency, in minor units.
    #[schema(value_type = Vec<MoneyView>)]
    prices: Vec<Money>,
    /// The slug of its picture.
    picture: String,
    /// Words it is also found by.
    tags: Vec<String>,
    /// Higher stands further in front.
    popularity: u32,
    /// Whether it may be bought.
    on_sale: bool,
    stock: StockMark,
    added_at: DateTime<Utc>,
}

/// An amount in minor units: won, and cents.
#[derive(Debug, ToSchema)]
#[schema(as = Money)]
#[expect(dead_code, reason = "only its schema is used: the kernel knows nothing of OpenAPI")]
struct MoneyView {
    minor: i64,
    /// `KRW` or `USD`.
    currency: &'static str,
}

/// A stretch of products.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductPage {
    pub(super) items: Vec<ProductView>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// Products that were asked for by id.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Products {
    pub(super) items: Vec<ProductView>,
}

/// A category of products.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Category)]
pub(super) struct CategoryView {
    slug: String,
    #[schema(value_type = Texts)]
    name: LocalizedText,
    /// How many of its products are on sale.
    products: u64,
}

/// Every category, in the order they are shown.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Categories {
    pub(super) items: Vec<CategoryView>,
}

impl From<Shelved> for ProductView {
    fn from(Shelved { product, stock }: Shelved) -> Self {
        let details = product.details;
        Self {
            id: product.id,
            version: product.version,
            slug: details.slug,
            category: details.category,
            name: details.name,
            description: details.description,
            prices: details.price.all(),
            picture: details.picture,
            tags: details.tags,
            popularity: details.popularity,
            on_sale: details.on_sale,
            stock,
            added_at: product.added_at,
        }
    }
}

impl From<Page<Shelved, Position>> for ProductPage {
    fn from(page: Page<Shelved, Position>) -> Self {
        Self {
            items: page.items.into_iter().map(ProductView::from).collect(),
            next: page.next.map(Position::to_cursor),
        }
    }
}

impl From<Listed> for CategoryView {
    fn from(Listed { slug, name, products }: Listed) -> Self {
        Self { slug, name, products }
    }
}
