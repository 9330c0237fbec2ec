//! The first screen.

use serde::Serialize;
use utoipa::ToSchema;

use super::card::ProductCard;
use super::order_list::OrderRow;
use crate::http::taste::Taste;
use crate::upstream::catalog::Category;

/// The first screen. What could not be had is absent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Home {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) categories: Option<Vec<CategoryTile>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) popular: Option<Vec<ProductCard>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) newest: Option<Vec<ProductCard>>,
    /// How many pieces are in the cart; absent without a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) in_cart: Option<u32>,
    /// The customer's latest order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) latest_order: Option<OrderRow>,
    /// Whether a part could not be had just now.
    pub(crate) degraded: bool,
}

/// A category of products.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CategoryTile {
    slug: String,
    name: String,
    /// How many of its products are on sale.
    products: u64,
}

impl CategoryTile {
    pub(crate) fn of(category: Category, taste: Taste) -> Self {
        let name = taste.text(&category.name);
        Self { slug: category.slug, name, products: category.products }
    }
}
