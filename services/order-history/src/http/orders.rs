//! Orders: the list, one order, and its updates.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use std::str::FromStr as _;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpResponse, get};
use chassis::auth::{Claims, Reader, SignedInCustomer};
use chassis::{Problem, Valid};
use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use shop_contracts::order::{CancelReason, PricedLine};
use shop_kernel::{Clock, Money, OrderId};
use utoipa::{IntoParams, ToSchema};

use super::code;
use crate::history::History;
use crate::schema::{LineShape, MoneyShape};
use crate::store::ListQuery;
use crate::updates::{Updates, events};
use crate::view::{MoneyState, OrderView, Status, StockState};

/// What a page holds when nobody says.
const PAGE: u32 = 20;

/// Which orders are asked for.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// `placed`, `confirmed` or `cancelled`; any when absent.
    #[garde(skip)]
    #[param(value_type = Option<String>, example = "confirmed")]
    status: Option<Status>,
    /// `next` of the page before.
    #[garde(custom(is_cursor))]
    after: Option<String>,
    /// 1 to 100; 20 when absent.
    #[garde(range(min = 1, max = 100))]
    limit: Option<u32>,
}

fn is_cursor(cursor: &Option<String>, (): &()) -> garde::Result {
    match cursor.as_deref().map(OrderId::from_str) {
        None | Some(Ok(_)) => Ok(()),
        Some(Err(_)) => Err(garde::Error::new("not a cursor of this list")),
    }
}

/// A page of orders.
#[derive(Debug, Serialize, ToSchema)]
struct OrderPage {
    /// Newest first.
    items: Vec<OrderSummary>,
    /// The `after` of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    next: Option<OrderId>,
}

/// One order in a list.
#[derive(Debug, Serialize, ToSchema)]
struct OrderSummary {
    #[schema(value_type = String)]
    order: OrderId,
    status: Status,
    /// Why it was cancelled.
    #[schema(value_type = Option<String>)]
    reason: Option<CancelReason>,
    #[schema(value_type = MoneyShape)]
    total: Money,
    #[schema(value_type = Vec<LineShape>)]
    lines: Vec<PricedLine>,
    /// Where the money is.
    money: MoneyState,
    /// Whether the stock is held.
    stock: StockState,
    placed_at: DateTime<Utc>,
    cancellable_until: Option<DateTime<Utc>>,
    /// The cancelled order it bought again.
    #[schema(value_type = Option<String>)]
    replaces: Option<OrderId>,
}

impl From<OrderView> for OrderSummary {
    fn from(view: OrderView) -> Self {
        Self {
            order: view.order,
            status: view.status,
            reason: view.reason,
            total: view.total,
            lines: view.lines,
            money: view.money.state,
            stock: view.stock.state,
            placed_at: view.placed_at,
            cancellable_until: view.cancellable_until,
            replaces: view.replaces,
        }
    }
}

/// Lists the caller's orders, newest first.
#[utoipa::path(tag = "orders", params(ListParams), security(("bearer" = [])), responses(
    (status = 200, body = OrderPage),
    (status = 400, body = Problem, description = "`query-not-valid`"),
    (status = 422, body = Problem, description = "`not-valid`"),
))]
#[get("/orders")]
pub(super) async fn list_orders(
    customer: SignedInCustomer,
    params: Valid<Query<ListParams>>,
    history: Data<History>,
) -> Result<Json<OrderPage>, Problem> {
    let Valid(Query(params)) = params;
    let limit = params.limit.unwrap_or(PAGE);
    let query = ListQuery {
        customer: customer.id,
        status: params.status,
        before: params.after.and_then(|cursor| cursor.parse().ok()),
        // One more than asked for tells whether there is more.
        limit: limit + 1,
    };
    let mut views = history.list(&query).await?;
    let is_last = views.len() <= limit as usize;
    views.truncate(limit as usize);
    let next = views.last().map(|view| view.order).filter(|_| !is_last);
    let items = views.into_iter().map(OrderSummary::from).collect();
    Ok(Json(OrderPage { items, next }))
}

/// Shows one order whole: to its owner, to services and to operators.
#[utoipa::path(tag = "orders", params(("id" = String, Path)), security(("bearer" = [])), responses(
    (status = 200, body = OrderView),
    (status = 404, body = Problem, description = "`order-unknown`: no such order, not the caller's, or not heard of yet"),
))]
#[get("/orders/{id}")]
pub(super) async fn read_order(
    reader: Reader,
    id: Path<OrderId>,
    history: Data<History>,
) -> Result<Json<OrderView>, Problem> {
    visible(&history, &reader, *id).await.map(Json)
}

/// Sends the order now and each time it changes, as server-sent events of type `order`.
///
/// The data of each event is the whole order, so one that was missed leaves no gap. The stream
/// ends with the caller's token; a client then comes back with a new one.
#[utoipa::path(tag = "orders", params(("id" = String, Path)), security(("bearer" = [])), responses(
    (status = 200, body = String, content_type = "text/event-stream"),
    (status = 404, body = Problem, description = "`order-unknown`"),
    (status = 429, body = Problem, description = "`too-many-listeners`"),
))]
#[get("/orders/{id}/updates")]
pub(super) async fn follow_order(
    reader: Reader,
    claims: Claims,
    id: Path<OrderId>,
    history: Data<History>,
    updates: Data<Updates>,
    clock: Data<dyn Clock>,
) -> Result<HttpResponse, Problem> {
    let customer = match &reader {
        Reader::Customer(customer) => Some(*customer),
        Reader::Trusted(_) => None,
    };
    // Before the first read, so that no change falls between the two.
    let listener = updates.into_inner().listen(*id, customer)?;
    let first = visible(&history, &reader, *id).await?;

    let lives = u64::try_from(claims.exp - clock.now().timestamp()).unwrap_or_default();
    let lives = std::time::Duration::from_secs(lives);
    let events = events(history.as_ref().clone(), first, listener, lives);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        // Proxies that collect answers before they pass them on would hold every event back.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(events))
}

async fn visible(history: &History, reader: &Reader, id: OrderId) -> Result<OrderView, Problem> {
    tracing::Span::current().record("order.id", tracing::field::display(id));
    let may_see = |view: &OrderView| match reader {
        Reader::Customer(customer) => view.customer == *customer,
        Reader::Trusted(_) => true,
    };
    // The same answer for another's order as for none: it must not tell that there is one.
    history
        .order(id)
        .await?
        .filter(may_see)
        .ok_or_else(|| Problem::not_found(code::ORDER_UNKNOWN, "there is no such order"))
}
