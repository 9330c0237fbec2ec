//! One product.

use serde::Serialize;
use utoipa::ToSchema;

use super::card::ProductCard;
use crate::http::taste::Taste;
use crate::upstream::catalog::Product;

/// One product, and what else the screen has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductScreen {
    #[serde(flatten)]
    card: ProductCard,
    category: String,
    description: String,
    /// Whether it may be bought.
    on_sale: bool,
    /// How many of it are in the cart; absent without a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_cart: Option<u32>,
    /// Others of its category; absent when they could not be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    related: Option<Vec<ProductCard>>,
    /// Whether a part could not be had just now.
    degraded: bool,
}

/// What a product's screen has beside the product.
#[derive(Debug)]
pub(crate) struct Beside {
    pub(crate) in_cart: Option<u32>,
    pub(crate) related: Option<Vec<ProductCard>>,
    pub(crate) degraded: bool,
}

impl ProductScreen {
    pub(crate) fn of(product: Product, beside: Beside, taste: Taste) -> Self {
        let Beside { in_cart, related, degraded } = beside;
        Self {
            category: product.category.clone(),
            description: taste.text(&product.description),
            on_sale: product.on_sale,
            card: ProductCard::of(product, taste),
            in_cart,
            related,
            degraded,
        }
    }
}
