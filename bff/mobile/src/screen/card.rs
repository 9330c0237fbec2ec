//! A product in a list.

use serde::Serialize;
use shop_kernel::{Money, ProductId};
use utoipa::ToSchema;

use crate::http::shape::MoneyShape;
use crate::http::taste::Taste;
use crate::upstream::catalog::{Product, StockMark};

/// A product in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductCard {
    #[schema(value_type = String)]
    id: ProductId,
    /// Its name in addresses.
    slug: String,
    name: String,
    /// Absent when it is not sold in the currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<MoneyShape>)]
    price: Option<Money>,
    /// The slug of its picture.
    picture: String,
    stock: StockMark,
}

impl ProductCard {
    pub(crate) fn of(product: Product, taste: Taste) -> Self {
        Self {
            id: product.id,
            name: taste.text(&product.name),
            price: taste.price(&product.prices),
            slug: product.slug,
            picture: product.picture,
            stock: product.stock,
        }
    }

    /// All of them, in their order.
    pub(crate) fn all(products: Vec<Product>, taste: Taste) -> Vec<Self> {
        products.into_iter().map(|product| Self::of(product, taste)).collect()
    }
}

/// A stretch of products.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductList {
    pub(crate) items: Vec<ProductCard>,
    /// The `after` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}
