//! What only operators may do: change the range, and count stock anew.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::http::header::LOCATION;
use actix_web::web::{self, Json, Path, Query};
use actix_web::{HttpResponse, get, post, put};
use chassis::auth::Operator;
use chassis::{Problem, Valid};
use garde::Validate;
use serde::{Deserialize, Serialize};
use shop_kernel::ProductId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::key::IdempotencyKey;
use super::problem;
use super::view::ProductView;
use crate::catalog::{AddProduct, Adjust, Adjusted, Adjustment, Catalog};
use crate::product::ProductDetails;

/// A change of a product.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeProduct {
    /// The version the change is based on.
    #[garde(range(min = 1))]
    version: u64,
    /// What it becomes, whole.
    #[garde(dive)]
    product: ProductDetails,
}

/// The stock of a product, and how it came about.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AdjustmentPage {
    /// How many can be bought.
    available: i64,
    /// How many are held for orders.
    held: i64,
    /// Latest first.
    items: Vec<Adjustment>,
    /// The `after` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListAdjustments {
    /// The `next` of the page before.
    #[garde(skip)]
    after: Option<String>,
    /// How many at most: 1 to 100.
    #[garde(range(min = 1, max = 100))]
    limit: Option<usize>,
}

/// Adds a product to the range.
#[utoipa::path(tag = "operators", request_body = AddProduct, security(("bearer" = [])),
    params(("idempotency-key" = String, Header, description = "the same key adds it once")),
    responses(
        (status = 201, body = ProductView, headers(("location" = String))),
        (status = 409, body = Problem, description = "the slug is taken"),
        (status = 422, body = Problem),
    ))]
#[post("/products")]
pub(super) async fn add_product(
    operator: Operator,
    key: IdempotencyKey,
    body: Valid<Json<AddProduct>>,
    catalog: web::Data<Catalog>,
) -> Result<HttpResponse, Problem> {
    let added = catalog.add(&body.0, &operator.0.to_string(), &key.0).await?;
    let id = added.id.to_string();
    let view = catalog.find(&id).await?.ok_or_else(problem::no_such_product)?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, format!("/products/{id}")))
        .json(ProductView::from(view)))
}

/// Changes a product, if nobody else has since the version named.
#[utoipa::path(tag = "operators", request_body = ChangeProduct, security(("bearer" = [])),
    params(("id" = String, Path, description = "the id of a product")),
    responses(
        (status = 200, body = ProductView),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "changed meanwhile, or the slug is taken"),
        (status = 422, body = Problem),
    ))]
#[put("/products/{id}")]
pub(super) async fn change_product(
    _operator: Operator,
    id: Path<ProductId>,
    body: Valid<Json<ChangeProduct>>,
    catalog: web::Data<Catalog>,
) -> Result<Json<ProductView>, Problem> {
    let ChangeProduct { version, product } = body.0.into_inner();
    let changed = catalog.change(*id, version, product).await?;
    let view = catalog.find(&changed.id.to_string()).await?;
    Ok(Json(view.ok_or_else(problem::no_such_product)?.into()))
}

/// Adds to or takes from what is available of a product, and keeps the reason.
#[utoipa::path(tag = "operators", request_body = Adjust, security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "the id of a product"),
        ("idempotency-key" = String, Header, description = "the same key adjusts once"),
    ),
    responses(
        (status = 201, body = Adjusted),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "fewer are available than would be taken"),
        (status = 422, body = Problem),
    ))]
#[post("/products/{id}/adjustments")]
pub(super) async fn adjust_stock(
    operator: Operator,
    id: Path<ProductId>,
    key: IdempotencyKey,
    body: Valid<Json<Adjust>>,
    catalog: web::Data<Catalog>,
) -> Result<HttpResponse, Problem> {
    chassis::audit::detail("delta", body.0.delta);
    chassis::audit::detail("reason", body.0.reason.as_str());
    let adjusted = catalog.adjust(*id, &body.0, &operator.0.to_string(), &key.0).await?;
    Ok(HttpResponse::Created().json(adjusted))
}

/// Lists the adjustments of a product, latest first.
#[utoipa::path(tag = "operators", security(("bearer" = [])),
    params(("id" = String, Path, description = "the id of a product"), ListAdjustments),
    responses((status = 200, body = AdjustmentPage), (status = 404, body = Problem)))]
#[get("/products/{id}/adjustments")]
pub(super) async fn list_adjustments(
    _operator: Operator,
    id: Path<ProductId>,
    query: Valid<Query<ListAdjustments>>,
    catalog: web::Data<Catalog>,
) -> Result<Json<AdjustmentPage>, Problem> {
    let cursor = query.0.after.as_deref().map(Uuid::try_parse).transpose();
    let before = cursor.map_err(|_| problem::cursor_not_valid())?;
    let limit = query.0.limit.unwrap_or(50);
    let (stock, page) = catalog.adjustments(*id, before, limit).await?;
    Ok(Json(AdjustmentPage {
        available: stock.available,
        held: stock.held,
        items: page.items,
        next: page.next.map(|id| id.simple().to_string()),
    }))
}
