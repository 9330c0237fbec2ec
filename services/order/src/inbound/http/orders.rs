//! Placing, buying again and cancelling.

use actix_web::http::header;
use actix_web::web::{self, Json, Path};
use actix_web::{HttpResponse, post};
use chassis::Problem;
use chassis::auth::SignedInCustomer;
use garde::Validate;
use order_core::app::Orders;
use order_core::app::cancel::CancelOrder;
use order_core::app::find::Viewer;
use order_core::app::place::{Accepted, Details, PlaceOrder};
use order_core::app::reorder::Reorder;
use order_core::ports::{Operation, Until};
use serde::Deserialize;
use shop_contracts::order::PaymentMethod;
use shop_kernel::{CartId, Currency, Locale, OrderId};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::details::{ContactBody, SeenPriceBody};
use super::keyed::Keyed;
use super::order_body::OrderBody;
use super::problem::Refused;
use super::schema::{CurrencySchema, LocaleSchema, PaymentMethodSchema};
use super::{SERVICE, cause, code};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(place_order).service(reorder).service(cancel_order);
}

/// A checkout: what was seen, and what else an order needs.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceOrderBody {
    /// The customer's cart.
    #[garde(skip)]
    #[schema(value_type = String, example = "crt_0193456789ab7000800000000000ca47")]
    cart: CartId,
    /// The version of it that was seen.
    #[garde(skip)]
    cart_version: u64,
    /// The currency to pay in.
    #[garde(skip)]
    #[schema(value_type = CurrencySchema)]
    currency: Currency,
    /// The price of each product in the cart, as it was seen.
    #[garde(length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    prices: Vec<SeenPriceBody>,
    #[garde(dive)]
    contact: ContactBody,
    /// The language to write in.
    #[garde(skip)]
    #[schema(value_type = LocaleSchema)]
    locale: Locale,
    #[garde(skip)]
    #[schema(value_type = PaymentMethodSchema)]
    payment_method: PaymentMethod,
}

/// The lines of a cancelled order, once more.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReorderBody {
    #[garde(skip)]
    #[schema(value_type = PaymentMethodSchema)]
    payment_method: PaymentMethod,
    /// As before, when absent.
    #[garde(dive)]
    contact: Option<ContactBody>,
    /// As before, when absent.
    #[garde(skip)]
    #[schema(value_type = Option<LocaleSchema>)]
    locale: Option<Locale>,
    /// The prices that were seen; today's are taken unseen when absent.
    #[garde(inner(length(min = 1, max = 100)))]
    prices: Option<Vec<SeenPriceBody>>,
}

/// An order that was accepted and waits for money and stock.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the core writes the answer, to the byte; this is its schema")]
pub(super) struct OrderAccepted {
    #[schema(example = "ord_0193456789ab70008000000000004de4")]
    id: String,
    /// Always `provisional`.
    status: String,
    total: super::schema::MoneySchema,
    placed_at: chrono::DateTime<chrono::Utc>,
    /// When it gives up.
    expires_at: chrono::DateTime<chrono::Utc>,
}

/// Places an order from the caller's cart. The same key always gets the same answer.
#[utoipa::path(tag = "orders", security(("bearer" = [])), request_body = PlaceOrderBody,
    params(("Idempotency-Key" = String, Header, description = "tells a repeat from a new order")),
    responses(
    (status = 202, body = OrderAccepted, headers(("Location" = String))),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
    (status = 503, body = Problem),
))]
#[post("/orders")]
async fn place_order(
    customer: SignedInCustomer,
    request: Keyed<PlaceOrderBody>,
    orders: web::Data<Orders>,
) -> Result<HttpResponse, Problem> {
    let key = request.request_key(customer.id, Operation::Checkout);
    let PlaceOrderBody { cart, cart_version, currency, prices, contact, locale, payment_method } =
        request.body;
    let command = PlaceOrder {
        key,
        cart,
        cart_version,
        currency,
        seen: prices.into_iter().map(Into::into).collect(),
        details: Details { contact: contact.into(), locale, payment_method },
        cause: cause(),
    };
    let accepted = orders.place(&command).await.map_err(|error| {
        let problem = Problem::from(Refused::from(error));
        refused_checkout(&problem.document().code).increment(1);
        problem
    })?;
    Ok(answer(accepted))
}

/// Begins the counts of what is usual, so that the first of a kind is seen as a rise.
pub(crate) fn begin_figures() {
    for code in
        [code::PRICE_CHANGED, code::CART_CHANGED, code::NOT_ON_SALE, code::STORE_UNAVAILABLE]
    {
        refused_checkout(code).increment(0);
    }
}

/// Counts checkouts that became no order, by the code of the problem.
fn refused_checkout(code: &str) -> metrics::Counter {
    let code = code.to_owned();
    metrics::counter!("order_checkouts_refused_total", "service" => SERVICE.name, "code" => code)
}

/// Places a new order from the lines of a cancelled one, at today's prices.
#[utoipa::path(tag = "orders", security(("bearer" = [])), request_body = ReorderBody,
    params(("id" = String, Path),
        ("Idempotency-Key" = String, Header, description = "tells a repeat from a new order")),
    responses(
    (status = 202, body = OrderAccepted, headers(("Location" = String))),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
    (status = 503, body = Problem),
))]
#[post("/orders/{id}/reorder")]
async fn reorder(
    customer: SignedInCustomer,
    id: Path<OrderId>,
    request: Keyed<ReorderBody>,
    orders: web::Data<Orders>,
) -> Result<HttpResponse, Problem> {
    let key = request.request_key(customer.id, Operation::Reorder);
    let ReorderBody { payment_method, contact, locale, prices } = request.body;
    let command = Reorder {
        key,
        order: *id,
        payment_method,
        contact: contact.map(Into::into),
        locale,
        seen: prices.map(|prices| prices.into_iter().map(Into::into).collect()),
        cause: cause(),
    };
    let accepted = orders.reorder(&command).await.map_err(Refused::from)?;
    Ok(answer(accepted))
}

/// Cancels one of the caller's orders; one that is cancelled stays as it is.
#[utoipa::path(tag = "orders", security(("bearer" = [])), params(("id" = String, Path)),
    responses(
    (status = 200, body = OrderBody),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 503, body = Problem),
))]
#[post("/orders/{id}/cancel")]
async fn cancel_order(
    customer: SignedInCustomer,
    id: Path<OrderId>,
    orders: web::Data<Orders>,
) -> Result<Json<OrderBody>, Problem> {
    let customer = customer.id;
    let command = CancelOrder { order: *id, customer, cause: cause() };
    noted(*id);
    orders.cancel(&command).await.map_err(Refused::from)?;
    let found = orders.find(*id, Viewer::Customer(customer), Until::Now).await;
    Ok(Json(found.map_err(Refused::from)?.into()))
}

fn answer(accepted: Accepted) -> HttpResponse {
    noted(accepted.order);
    HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/orders/{}", accepted.order)))
        .content_type("application/json")
        .body(accepted.body)
}

/// Lets the request's log line and span name the order.
pub(super) fn noted(order: OrderId) {
    tracing::Span::current().record("order.id", tracing::field::display(order));
}
