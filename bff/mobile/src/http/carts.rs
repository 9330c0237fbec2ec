//! `/cart`: of whoever asks, guest or customer.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use chassis::{Problem, Valid};
use garde::Validate;
use serde::Deserialize;
use shop_kernel::ProductId;
use utoipa::ToSchema;

use super::caller::{Carrier, SignedIn};
use super::passed_on::passed_on;
use super::tagged::{Keeper, tagged};
use super::taste::{Taste, TasteParams};
use crate::screen::cart::CartScreen;
use crate::upstream::order::LineChange;
use crate::upstream::{Token, Upstream};

/// How many of a product.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Quantity {
    #[garde(range(min = 1, max = 99))]
    #[schema(minimum = 1, maximum = 99)]
    quantity: u32,
}

/// Who the customer was before they signed in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Merge {
    /// The guest's access token, which proves that the guest's cart is theirs.
    #[garde(length(max = 4096))]
    guest_token: String,
}

/// The caller's cart, empty where there is none.
#[utoipa::path(tag = "cart", params(TasteParams), security(("bearer" = [])), responses(
    (status = 200, body = CartScreen),
    (status = 304, description = "as in `If-None-Match`"),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem),
))]
#[get("/cart")]
pub(super) async fn show_cart(
    request: HttpRequest,
    carrier: Carrier,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let cart = upstream.cart(&carrier.0).await.map_err(passed_on)?;
    tagged(&request, Keeper::Client, &CartScreen::compose(cart, &upstream, taste).await)
}

/// Gives a product in the cart a quantity; answers with the cart.
#[utoipa::path(tag = "cart", params(("product" = String, Path), TasteParams),
    request_body = Quantity, security(("bearer" = [])), responses(
    (status = 200, body = CartScreen),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem, description = "`not-valid`, `not-on-sale`, `cart-full`"),
    (status = 503, body = Problem),
))]
#[put("/cart/lines/{product}")]
pub(super) async fn set_line(
    carrier: Carrier,
    product: Path<ProductId>,
    body: Valid<Json<Quantity>>,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<Json<CartScreen>, Problem> {
    changed(&upstream, &carrier.0, *product, LineChange::Set(body.0.quantity), taste).await
}

/// Adds to the quantity of a product in the cart, up to 99; answers with the cart.
#[utoipa::path(tag = "cart", params(("product" = String, Path), TasteParams),
    request_body = Quantity, security(("bearer" = [])), responses(
    (status = 200, body = CartScreen),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem, description = "`not-valid`, `not-on-sale`, `cart-full`"),
    (status = 503, body = Problem),
))]
#[post("/cart/lines/{product}")]
pub(super) async fn add_line(
    carrier: Carrier,
    product: Path<ProductId>,
    body: Valid<Json<Quantity>>,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<Json<CartScreen>, Problem> {
    changed(&upstream, &carrier.0, *product, LineChange::Add(body.0.quantity), taste).await
}

/// Takes a product out of the cart; answers with the cart.
#[utoipa::path(tag = "cart", params(("product" = String, Path), TasteParams),
    security(("bearer" = [])), responses(
    (status = 200, body = CartScreen),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 503, body = Problem),
))]
#[delete("/cart/lines/{product}")]
pub(super) async fn remove_line(
    carrier: Carrier,
    product: Path<ProductId>,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<Json<CartScreen>, Problem> {
    changed(&upstream, &carrier.0, *product, LineChange::Remove, taste).await
}

/// Brings what a guest had gathered into the cart of the customer they turned out to be, once.
#[utoipa::path(tag = "cart", params(TasteParams), request_body = Merge, security(("bearer" = [])),
    responses(
    (status = 200, body = CartScreen),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 422, body = Problem, description = "`guest-token-not-valid`"),
    (status = 503, body = Problem),
))]
#[post("/cart/merge")]
pub(super) async fn merge_carts(
    customer: SignedIn,
    body: Valid<Json<Merge>>,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<Json<CartScreen>, Problem> {
    let cart = upstream.merge_carts(&customer.0, &body.0.guest_token).await.map_err(passed_on)?;
    Ok(Json(CartScreen::compose(cart, &upstream, taste).await))
}

async fn changed(
    upstream: &Upstream,
    token: &Token,
    product: ProductId,
    change: LineChange,
    taste: Taste,
) -> Result<Json<CartScreen>, Problem> {
    let cart = upstream.change_line(token, product, change).await.map_err(passed_on)?;
    Ok(Json(CartScreen::compose(cart, upstream, taste).await))
}
