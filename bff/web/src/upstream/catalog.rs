//! `catalog`: products and categories. Public, so no token is shown.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use async_trait::async_trait;
use futures::future::try_join_all;
use serde::Deserialize;
use shop_kernel::ProductId;

use super::{Upstream, address};
use crate::failure::Failure;
use crate::loader::Fetch;
use crate::schema::product::{Category, Product, ProductPage};

/// As many as the catalog takes at once.
const MOST_IDS: usize = 100;
/// Enough for the longest row of related products, and the product itself.
const RELATED: usize = 13;

/// Which products, in which order.
#[derive(Debug, Default)]
pub(crate) struct Browse {
    pub(crate) text: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) min_price: Option<i64>,
    pub(crate) max_price: Option<i64>,
    pub(crate) currency: Option<&'static str>,
    pub(crate) sort: Option<&'static str>,
    pub(crate) after: Option<String>,
    pub(crate) limit: usize,
}

#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl Upstream {
    pub(crate) async fn products(&self, wanted: Browse) -> Result<ProductPage, Failure> {
        let path = address(
            "/products",
            &[
                ("q", wanted.text),
                ("category", wanted.category),
                ("min_price", wanted.min_price.map(|minor| minor.to_string())),
                ("max_price", wanted.max_price.map(|minor| minor.to_string())),
                ("currency", wanted.currency.map(ToOwned::to_owned)),
                ("sort", wanted.sort.map(ToOwned::to_owned)),
                ("after", wanted.after),
                ("limit", Some(wanted.limit.to_string())),
            ],
        );
        Ok(self.catalog.get_json(&path).await?)
    }

    /// One product by id or slug; none where there is none, or where the text is neither.
    pub(crate) async fn product(&self, name: &str) -> Result<Option<Product>, Failure> {
        if name.parse::<ProductId>().is_err() && !is_slug(name) {
            return Ok(None);
        }
        match self.catalog.get_json(&format!("/products/{name}")).await {
            Ok(product) => Ok(Some(product)),
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn categories(&self) -> Result<Vec<Category>, Failure> {
        let found: Items<Category> = self.catalog.get_json("/categories").await?;
        Ok(found.items)
    }
}

/// Fetches products by id, many at once.
pub(crate) struct ProductsById(pub(crate) std::sync::Arc<Upstream>);

#[async_trait]
impl Fetch for ProductsById {
    type Key = ProductId;
    type Value = Product;

    async fn fetch(&self, ids: &[ProductId]) -> Result<HashMap<ProductId, Product>, Failure> {
        let pages = ids.chunks(MOST_IDS).map(|ids| async move {
            let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
            let path = address("/products/batch", &[("ids", Some(ids.join(",")))]);
            self.0.catalog.get_json::<Items<Product>>(&path).await
        });
        let pages = try_join_all(pages).await?;
        let products = pages.into_iter().flat_map(|page| page.items);
        Ok(products.filter_map(|product| Some((product.id.parse().ok()?, product))).collect())
    }
}

/// Fetches the most popular products of categories.
pub(crate) struct PopularIn(pub(crate) std::sync::Arc<Upstream>);

#[async_trait]
impl Fetch for PopularIn {
    type Key = String;
    type Value = Vec<Product>;

    async fn fetch(&self, slugs: &[String]) -> Result<HashMap<String, Vec<Product>>, Failure> {
        let rows = slugs.iter().map(|slug| async move {
            let category = Some(slug.clone());
            let wanted = Browse { category, limit: RELATED, ..Browse::default() };
            let page = self.0.products(wanted).await?;
            Ok::<_, Failure>((slug.clone(), page.items))
        });
        Ok(try_join_all(rows).await?.into_iter().collect())
    }
}

/// It becomes part of a path, so it may hold nothing that means something there.
fn is_slug(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}
