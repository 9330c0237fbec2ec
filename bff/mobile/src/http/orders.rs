//! `/orders`: what was ordered, and what became of it.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chassis::{Problem, Valid};
use garde::Validate;
use serde::{Deserialize, Serialize};
use shop_contracts::order::PaymentMethod;
use shop_kernel::{Clock, OrderId};
use utoipa::{IntoParams, ToSchema};

use super::caller::SignedIn;
use super::checkout::{Placed, placed};
use super::code;
use super::key::IdempotencyKey;
use super::passed_on::passed_on;
use super::shape::PaymentMethodShape;
use super::tagged::{Keeper, tagged};
use super::taste::{Taste, TasteParams};
use crate::screen::Gaps;
use crate::screen::order::{OrderScreen, Status};
use crate::screen::order_list::{OrderList, Which};
use crate::upstream::Upstream;

/// Two screens full.
const PAGE: u32 = 20;

/// Which orders.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParams {
    /// Only those; any when absent.
    #[garde(skip)]
    #[param(inline)]
    status: Option<Status>,
    /// The `next` of the page before.
    #[garde(length(max = 100))]
    after: Option<String>,
    /// 1 to 50; 20 when absent.
    #[garde(range(min = 1, max = 50))]
    limit: Option<u32>,
}

/// The lines of a cancelled order, once more, at today's prices.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reorder {
    #[garde(skip)]
    #[schema(value_type = PaymentMethodShape)]
    payment_method: PaymentMethod,
}

/// The customer's orders, newest first. While the read model is away they show in outline.
#[utoipa::path(tag = "orders", params(ListParams, TasteParams), security(("bearer" = [])),
    responses(
    (status = 200, body = OrderList),
    (status = 304, description = "as in `If-None-Match`"),
    (status = 400, body = Problem, description = "`cursor-not-valid`, `query-not-valid`"),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 422, body = Problem, description = "`not-valid`"),
    (status = 503, body = Problem),
))]
#[get("/orders")]
pub(super) async fn list_orders(
    request: HttpRequest,
    customer: SignedIn,
    params: Valid<Query<ListParams>>,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let params = params.0.into_inner();
    let after = params.after.map(|cursor| cursor.parse::<OrderId>()).transpose();
    let after = after.map_err(|_| {
        Problem::bad_request(code::CURSOR_NOT_VALID, "the cursor is not one of this list")
    })?;
    let which = Which { status: params.status, after, limit: params.limit.unwrap_or(PAGE) };
    let list = OrderList::compose(&upstream, &customer.0, which, taste).await;
    tagged(&request, Keeper::Client, &list.map_err(passed_on)?)
}

/// One order: lines, money and what happened. While the read model is away or behind, it is
/// composed from `order` and `payment`.
#[utoipa::path(tag = "orders", params(("id" = String, Path), TasteParams),
    security(("bearer" = [])), responses(
    (status = 200, body = OrderScreen),
    (status = 304, description = "as in `If-None-Match`"),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "`order-unknown`: no such order, or another's"),
    (status = 503, body = Problem),
))]
#[get("/orders/{id}")]
pub(super) async fn show_order(
    request: HttpRequest,
    customer: SignedIn,
    order: Path<OrderId>,
    taste: Taste,
    upstream: Data<Upstream>,
    clock: Data<dyn Clock>,
) -> Result<HttpResponse, Problem> {
    noted(*order);
    let screen = OrderScreen::compose(&upstream, &customer.0, *order, taste).await;
    tagged(&request, Keeper::Client, &screen.map_err(passed_on)?.at(clock.now()))
}

/// Cancels an order; one that is cancelled stays as it is. Answers with the order.
#[utoipa::path(tag = "orders", params(("id" = String, Path), TasteParams),
    security(("bearer" = [])), responses(
    (status = 200, body = OrderScreen),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "`order-unknown`: no such order, or another's"),
    (status = 409, body = Problem, description = "`too-late-to-cancel`"),
    (status = 503, body = Problem),
))]
#[post("/orders/{id}/cancel")]
pub(super) async fn cancel_order(
    customer: SignedIn,
    order: Path<OrderId>,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<Json<OrderScreen>, Problem> {
    noted(*order);
    let token = &customer.0;
    let order = upstream.cancel(token, *order).await.map_err(passed_on)?;
    let gaps = Gaps::default();
    Ok(Json(OrderScreen::beside_payment(&upstream, token, order, taste, gaps).await))
}

/// Pay again, buy again: places a new order from the lines of a cancelled one.
#[utoipa::path(tag = "orders", request_body = Reorder, security(("bearer" = [])),
    params(("id" = String, Path),
        ("Idempotency-Key" = String, Header, description = "tells a repeat from a new order")),
    responses(
    (status = 202, body = Placed, headers(("Location" = String))),
    (status = 400, body = Problem, description = "`idempotency-key-missing`"),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem, description = "`order-unknown`: no such order, or another's"),
    (status = 409, body = Problem, description = "`order-not-cancelled`"),
    (status = 422, body = Problem, description = "`not-valid`, `not-on-sale`, `idempotency-key-reused`"),
    (status = 503, body = Problem),
))]
#[post("/orders/{id}/reorder")]
pub(super) async fn reorder(
    customer: SignedIn,
    order: Path<OrderId>,
    key: IdempotencyKey,
    body: Valid<Json<Reorder>>,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let accepted = upstream.reorder(&customer.0, &key.0, *order, &*body.0).await;
    Ok(placed(accepted.map_err(passed_on)?))
}

/// Lets the request's log line and span name the order.
fn noted(order: OrderId) {
    tracing::Span::current().record("order.id", tracing::field::display(order));
}
