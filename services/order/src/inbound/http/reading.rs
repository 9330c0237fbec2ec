//! Looking at orders: as they are, as they were, as lists, and as events.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::get;
use actix_web::web::{self, Json, Path, Query};
use chassis::auth::Reader;
use chassis::{Problem, Valid, trace};
use chrono::{DateTime, Utc};
use garde::Validate;
use order_core::app::Orders;
use order_core::app::find::Viewer;
use order_core::domain::stored::Recorded;
use order_core::ports::{PageQuery, Until};
use serde::{Deserialize, Serialize};
use shop_kernel::{CustomerId, OrderId};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::code;
use super::order_body::{OrderBody, SummaryBody};
use super::orders::noted;
use super::problem::Refused;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_orders).service(read_order).service(list_events).service(read_state);
}

/// Which orders to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
pub(super) struct ListQuery {
    /// Only those in this state
    #[garde(skip)]
    #[param(inline)]
    status: Option<StatusFilter>,
    /// Where the last page ended: its `next`
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    after: Option<OrderId>,
    /// At most so many
    #[garde(range(min = 1, max = 100))]
    #[serde(default = "twenty")]
    limit: u32,
    /// Only this customer's; operators and services only
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    customer: Option<CustomerId>,
}

fn twenty() -> u32 {
    20
}

/// The states an order can be in.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum StatusFilter {
    Provisional,
    Confirmed,
    Cancelled,
}

impl StatusFilter {
    const fn name(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A page of orders, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderPage {
    items: Vec<SummaryBody>,
    /// What to send as `after` for the next page; absent on the last one.
    #[schema(value_type = Option<String>)]
    next: Option<OrderId>,
}

/// As of when an order is wanted: one of the two.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct StateQuery {
    /// After so many events
    version: Option<u64>,
    /// At that time
    at: Option<DateTime<Utc>>,
}

/// What happened to an order, as it is stored.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventList {
    items: Vec<EventBody>,
}

/// One stored event.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventBody {
    version: u64,
    #[serde(rename = "type")]
    kind: String,
    /// The form it was written in.
    schema: u32,
    recorded_at: DateTime<Utc>,
    /// The message it followed from; absent where a person or the clock caused it.
    causation_id: Option<Uuid>,
    /// The trace it belongs to.
    trace_id: Option<String>,
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

/// Lists the caller's orders; operators and services may list everyone's.
#[utoipa::path(tag = "orders", security(("bearer" = [])), params(ListQuery), responses(
    (status = 200, body = OrderPage),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 422, body = Problem), (status = 503, body = Problem),
))]
#[get("/orders")]
async fn list_orders(
    reader: Reader,
    query: Valid<Query<ListQuery>>,
    orders: web::Data<Orders>,
) -> Result<Json<OrderPage>, Problem> {
    let ListQuery { status, after, limit, customer } = query.0.into_inner();
    let customer = match reader {
        Reader::Customer(own) => Some(own),
        Reader::Trusted(_) => customer,
    };
    let status = status.map(StatusFilter::name);
    // One more than asked for tells whether there is a next page.
    let query = PageQuery { customer, status, before: after, limit: limit + 1 };
    let mut found = orders.page(&query).await.map_err(Refused::from)?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| has_more).map(|last| last.order);
    Ok(Json(OrderPage { items: found.into_iter().map(SummaryBody::from).collect(), next }))
}

/// Shows an order with its timeline.
#[utoipa::path(tag = "orders", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 200, body = OrderBody),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem),
))]
#[get("/orders/{id}")]
async fn read_order(
    reader: Reader,
    id: Path<OrderId>,
    orders: web::Data<Orders>,
) -> Result<Json<OrderBody>, Problem> {
    noted(*id);
    let found = orders.find(*id, viewer(&reader), Until::Now).await.map_err(Refused::from)?;
    Ok(Json(found.into()))
}

/// Lists the stored events of an order, oldest first.
#[utoipa::path(tag = "orders", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 200, body = EventList),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem),
))]
#[get("/orders/{id}/events")]
async fn list_events(
    reader: Reader,
    id: Path<OrderId>,
    orders: web::Data<Orders>,
) -> Result<Json<EventList>, Problem> {
    noted(*id);
    let found = orders.find(*id, viewer(&reader), Until::Now).await.map_err(Refused::from)?;
    let items = found.history.into_iter().map(|(recorded, _)| EventBody::from(recorded)).collect();
    Ok(Json(EventList { items }))
}

/// Shows an order as it was after a version, or at a time.
#[utoipa::path(tag = "orders", security(("bearer" = [])), params(("id" = String, Path), StateQuery),
    responses(
    (status = 200, body = OrderBody),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem),
))]
#[get("/orders/{id}/state")]
async fn read_state(
    reader: Reader,
    id: Path<OrderId>,
    query: Query<StateQuery>,
    orders: web::Data<Orders>,
) -> Result<Json<OrderBody>, Problem> {
    let until = match (query.version, query.at) {
        (Some(version), None) => Until::Version(version),
        (None, Some(time)) => Until::Time(time),
        (None, None) | (Some(_), Some(_)) => {
            let detail = "exactly one of `version` and `at` is needed";
            return Err(Problem::bad_request(code::QUERY_NOT_VALID, detail));
        }
    };
    noted(*id);
    let found = orders.find(*id, viewer(&reader), until).await.map_err(Refused::from)?;
    Ok(Json(found.into()))
}

impl From<Recorded> for EventBody {
    fn from(recorded: Recorded) -> Self {
        Self {
            version: recorded.version,
            kind: recorded.event.kind,
            schema: recorded.event.schema,
            recorded_at: recorded.at,
            causation_id: recorded.cause,
            trace_id: recorded.traceparent.as_deref().and_then(trace::trace_id),
            data: recorded.event.data,
        }
    }
}

const fn viewer(reader: &Reader) -> Viewer {
    match reader {
        Reader::Customer(customer) => Viewer::Customer(*customer),
        Reader::Trusted(_) => Viewer::Staff,
    }
}
