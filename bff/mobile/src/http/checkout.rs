//! `/checkout`: what it needs, and placing; and the cards one pays with.

mod body;

use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use chassis::{Problem, Valid};
use serde_json::Value;
use shop_kernel::PaymentMethodId;

pub(super) use body::Placed;
use body::{NewCard, Place};

use super::caller::SignedIn;
use super::key::IdempotencyKey;
use super::passed_on::passed_on;
use super::tagged::{Keeper, tagged};
use super::taste::{Taste, TasteParams};
use crate::screen::Gaps;
use crate::screen::cart::CartScreen;
use crate::screen::checkout::CheckoutScreen;
use crate::upstream::Upstream;
use crate::upstream::order::Accepted;
use crate::upstream::payment::Card;

/// Everything a checkout needs, as far as it is known: cart, cards, store credit, contact.
#[utoipa::path(tag = "checkout", params(TasteParams), security(("bearer" = [])), responses(
    (status = 200, body = CheckoutScreen),
    (status = 304, description = "as in `If-None-Match`"),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem),
))]
#[get("/checkout")]
pub(super) async fn show_checkout(
    request: HttpRequest,
    customer: SignedIn,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let token = &customer.0;
    let cart = async {
        let cart = upstream.cart(token).await?;
        Ok(CartScreen::compose(cart, &upstream, taste).await)
    };
    let (cart, cards, credit, me) = tokio::join!(
        cart,
        upstream.cards(token),
        upstream.credit(token, taste.currency),
        upstream.me(token),
    );
    let cart: CartScreen = cart.map_err(passed_on)?;
    let mut gaps = Gaps::default();
    let screen = CheckoutScreen {
        cards: gaps.without("cards", cards),
        store_credit: gaps.without("store credit", credit).flatten(),
        contact: gaps.without("contact", me).map(Into::into),
        degraded: gaps.degraded() || cart.is_degraded(),
        cart,
    };
    tagged(&request, Keeper::Client, &screen)
}

/// Places an order from the cart that was seen. The same key always gets the same answer.
#[utoipa::path(tag = "checkout", request_body = Place, security(("bearer" = [])),
    params(("Idempotency-Key" = String, Header, description = "tells a repeat from a new order")),
    responses(
    (status = 202, body = Placed, headers(("Location" = String))),
    (status = 400, body = Problem, description = "`idempotency-key-missing`"),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "`cart-unknown`"),
    (status = 409, body = Problem, description = "`price-changed`, `cart-changed`, `cart-checked-out`"),
    (status = 422, body = Problem, description = "`not-valid`, `not-on-sale`, `idempotency-key-reused`"),
    (status = 503, body = Problem),
))]
#[post("/checkout")]
pub(super) async fn place_order(
    customer: SignedIn,
    key: IdempotencyKey,
    body: Valid<Json<Place>>,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let accepted = upstream.place(&customer.0, &key.0, &*body.0).await.map_err(passed_on)?;
    Ok(placed(accepted))
}

/// Stores a card to pay with. Its number goes to the payment provider and is not kept.
#[utoipa::path(tag = "checkout", request_body = NewCard, security(("bearer" = [])),
    params(("Idempotency-Key" = String, Header, description = "the same for every repetition")),
    responses(
    (status = 201, body = Card),
    (status = 400, body = Problem, description = "`idempotency-key-missing`"),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem, description = "`idempotency-key-reused`, `too-many-payment-methods`"),
    (status = 422, body = Problem, description = "`card-not-valid`"),
    (status = 503, body = Problem),
))]
#[post("/cards")]
pub(super) async fn store_card(
    customer: SignedIn,
    key: IdempotencyKey,
    body: Json<Value>,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let card = upstream.store_card(&customer.0, &key.0, &body).await.map_err(passed_on)?;
    Ok(HttpResponse::Created().json(card))
}

/// Removes a card. Charges and refunds under way go on.
#[utoipa::path(tag = "checkout", params(("id" = String, Path)), security(("bearer" = [])),
    responses(
    (status = 204, description = "removed"),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "`payment-method-unknown`"),
    (status = 503, body = Problem),
))]
#[delete("/cards/{id}")]
pub(super) async fn remove_card(
    customer: SignedIn,
    card: Path<PaymentMethodId>,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    upstream.remove_card(&customer.0, *card).await.map_err(passed_on)?;
    Ok(HttpResponse::NoContent().finish())
}

/// That an order was accepted, and where it is.
pub(super) fn placed(accepted: Accepted) -> HttpResponse {
    tracing::Span::current().record("order.id", tracing::field::display(accepted.id));
    HttpResponse::Accepted()
        .insert_header((LOCATION, format!("/api/v1/orders/{}", accepted.id)))
        .json(Placed::from(accepted))
}
