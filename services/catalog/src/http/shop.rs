//! What shoppers, and those who compose pages for them, may ask. All of it is public.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::get;
use actix_web::web::{self, Json, Path, Query};
use chassis::{Problem, Valid};
use serde::Deserialize;
use shop_kernel::ProductId;
use utoipa::IntoParams;

use super::problem::{self, IDS_NOT_VALID};
use super::query::ListProducts;
use super::view::{Categories, CategoryView, ProductPage, ProductView, Products};
use crate::catalog::Catalog;

/// A page of an order shows no more lines than this, and one query finds them all.
const MOST_IDS: usize = 100;

/// Lists products that are on sale.
#[utoipa::path(tag = "products", params(ListProducts), responses(
    (status = 200, body = ProductPage),
    (status = 400, body = Problem, description = "an unknown parameter or cursor"),
    (status = 422, body = Problem, description = "a parameter out of bounds"),
))]
#[get("/products")]
pub(super) async fn list_products(
    query: Valid<Query<ListProducts>>,
    catalog: web::Data<Catalog>,
) -> Result<Json<ProductPage>, Problem> {
    let wanted = query.0.into_inner().into_browse()?;
    Ok(Json(catalog.browse(&wanted).await?.into()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ById {
    /// Up to 100 ids, separated by commas.
    ids: String,
}

/// Reads several products by id, on sale or not; those that do not exist are left out.
#[utoipa::path(tag = "products", params(ById), responses(
    (status = 200, body = Products),
    (status = 422, body = Problem, description = "too many ids, or one that is none"),
))]
#[get("/products/batch")]
pub(super) async fn read_products(
    query: Query<ById>,
    catalog: web::Data<Catalog>,
) -> Result<Json<Products>, Problem> {
    let ids: Result<Vec<ProductId>, _> = query.ids.split(',').map(str::parse).collect();
    let ids = ids.map_err(|error| Problem::unprocessable(IDS_NOT_VALID, error.to_string()))?;
    if ids.len() > MOST_IDS {
        let detail = format!("at most {MOST_IDS} ids at once");
        return Err(Problem::unprocessable(IDS_NOT_VALID, detail));
    }
    let items = catalog.these(&ids).await?;
    Ok(Json(Products { items: items.into_iter().map(ProductView::from).collect() }))
}

/// Reads one product by its id or its slug, on sale or not.
#[utoipa::path(tag = "products", responses(
    (status = 200, body = ProductView),
    (status = 404, body = Problem),
), params(("id" = String, Path, description = "the id or the slug of a product")))]
#[get("/products/{id}")]
pub(super) async fn read_product(
    id: Path<String>,
    catalog: web::Data<Catalog>,
) -> Result<Json<ProductView>, Problem> {
    let found = catalog.find(&id).await?.ok_or_else(problem::no_such_product)?;
    Ok(Json(found.into()))
}

/// Lists the categories, each with how many of its products are on sale.
#[utoipa::path(tag = "products", responses((status = 200, body = Categories)))]
#[get("/categories")]
pub(super) async fn list_categories(
    catalog: web::Data<Catalog>,
) -> Result<Json<Categories>, Problem> {
    let items = catalog.categories().await?;
    Ok(Json(Categories { items: items.into_iter().map(CategoryView::from).collect() }))
}
