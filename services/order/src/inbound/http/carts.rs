//! Carts: of whoever asks, guest or customer.

use actix_web::web::{self, Json, Path};
use actix_web::{delete, get, post, put};
use chassis::auth::{Denied, Shopper, SignedInCustomer, Subject, Verifier};
use chassis::{Problem, Valid};
use garde::Validate;
use order_core::app::Carts;
use order_core::app::change_cart::{CartAct, ChangeCart};
use order_core::app::merge::MergeCarts;
use order_core::domain::cart_event::CartOwner;
use serde::Deserialize;
use shop_kernel::{GuestId, ProductId, Quantity};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::cart_body::CartBody;
use super::problem::Refused;
use super::{cause, code};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(read_cart)
        .service(set_line)
        .service(add_line)
        .service(remove_line)
        .service(merge_carts);
}

/// How many of a product.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuantityBody {
    #[garde(skip)]
    #[schema(value_type = u32, minimum = 1, maximum = 99)]
    quantity: Quantity,
}

/// Who the customer was before they signed in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MergeBody {
    /// The guest token, which proves that the guest's cart is theirs.
    #[garde(length(max = 4096))]
    guest_token: String,
}

/// Shows the caller's open cart, empty where there is none.
#[utoipa::path(tag = "carts", security(("bearer" = [])), responses(
    (status = 200, body = CartBody),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem),
))]
#[get("/carts/current")]
async fn read_cart(shopper: Shopper, carts: web::Data<Carts>) -> Result<Json<CartBody>, Problem> {
    shown(&carts, owner(shopper)).await
}

/// Gives a product in the caller's cart a quantity.
#[utoipa::path(tag = "carts", security(("bearer" = [])), params(("product" = String, Path)),
    request_body = QuantityBody, responses(
    (status = 200, body = CartBody),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem),
))]
#[put("/carts/current/lines/{product}")]
async fn set_line(
    shopper: Shopper,
    product: Path<ProductId>,
    body: Valid<Json<QuantityBody>>,
    carts: web::Data<Carts>,
) -> Result<Json<CartBody>, Problem> {
    changed(&carts, shopper, *product, CartAct::Set(body.0.quantity)).await
}

/// Adds to the quantity of a product in the caller's cart, up to 99.
#[utoipa::path(tag = "carts", security(("bearer" = [])), params(("product" = String, Path)),
    request_body = QuantityBody, responses(
    (status = 200, body = CartBody),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem),
))]
#[post("/carts/current/lines/{product}")]
async fn add_line(
    shopper: Shopper,
    product: Path<ProductId>,
    body: Valid<Json<QuantityBody>>,
    carts: web::Data<Carts>,
) -> Result<Json<CartBody>, Problem> {
    changed(&carts, shopper, *product, CartAct::Add(body.0.quantity)).await
}

/// Takes a product out of the caller's cart; one that is not in changes nothing.
#[utoipa::path(tag = "carts", security(("bearer" = [])), params(("product" = String, Path)),
    responses(
    (status = 200, body = CartBody),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem),
))]
#[delete("/carts/current/lines/{product}")]
async fn remove_line(
    shopper: Shopper,
    product: Path<ProductId>,
    carts: web::Data<Carts>,
) -> Result<Json<CartBody>, Problem> {
    changed(&carts, shopper, *product, CartAct::Remove).await
}

/// Brings what a guest had gathered into the cart of the customer they turned out to be, once.
#[utoipa::path(tag = "carts", security(("bearer" = [])), request_body = MergeBody, responses(
    (status = 200, body = CartBody),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 422, body = Problem), (status = 503, body = Problem),
))]
#[post("/carts/merge")]
async fn merge_carts(
    customer: SignedInCustomer,
    body: Valid<Json<MergeBody>>,
    verifier: web::Data<Verifier>,
    carts: web::Data<Carts>,
) -> Result<Json<CartBody>, Problem> {
    let guest = guest_of(&verifier, &body.0.guest_token).await?;
    let command = MergeCarts { guest, customer: customer.id, cause: cause() };
    carts.merge(&command).await.map_err(Refused::from)?;
    shown(&carts, CartOwner::Customer(customer.id)).await
}

async fn guest_of(verifier: &Verifier, token: &str) -> Result<GuestId, Problem> {
    let refused = || {
        Problem::unprocessable(code::GUEST_TOKEN_NOT_VALID, "the guest token is none, or has ended")
    };
    match verifier.verify(token).await.map(|claims| claims.sub) {
        Ok(Subject::Guest(guest)) => Ok(guest),
        Ok(Subject::Customer(_) | Subject::Service(_)) => Err(refused()),
        Err(denied @ Denied::KeysNotLoaded) => Err(denied.into()),
        Err(Denied::Missing | Denied::Invalid | Denied::Expired) => Err(refused()),
    }
}

async fn changed(
    carts: &Carts,
    shopper: Shopper,
    product: ProductId,
    act: CartAct,
) -> Result<Json<CartBody>, Problem> {
    let owner = owner(shopper);
    let command = ChangeCart { owner, product, act, cause: cause() };
    carts.change(&command).await.map_err(Refused::from)?;
    shown(carts, owner).await
}

async fn shown(carts: &Carts, owner: CartOwner) -> Result<Json<CartBody>, Problem> {
    let view = carts.view(owner).await.map_err(Refused::from)?;
    Ok(Json(view.into()))
}

const fn owner(shopper: Shopper) -> CartOwner {
    match shopper {
        Shopper::Customer(id) => CartOwner::Customer(id),
        Shopper::Guest(id) => CartOwner::Guest(id),
    }
}
