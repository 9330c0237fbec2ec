//! `/ops/audit`: what the audit asks of this service.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use std::sync::Arc;

use actix_web::get;
use actix_web::web::{self, Json, Query};
use chassis::auth::Operator;
use chassis::{Problem, Valid};
use chrono::{DateTime, TimeDelta, Utc};
use garde::Validate;
use order_core::domain::order::{Payment, Stock};
use order_core::ports::Standing;
use serde::{Deserialize, Serialize};
use shop_contracts::order::CancelReason;
use shop_kernel::{CustomerId, Money, OrderId};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::problem::Refused;
use super::schema::MoneySchema;
use crate::outbound::store::Store;
use crate::outbound::store::audit::{AuditedOrder, BrokenStream, DoubledKey};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_audit).service(list_audited_orders);
}

/// Looks into the store for the audit.
#[derive(Debug)]
pub(crate) struct Auditor {
    store: Arc<Store>,
    keep_replies: TimeDelta,
}

impl Auditor {
    pub(crate) const fn new(store: Arc<Store>, keep_replies: TimeDelta) -> Self {
        Self { store, keep_replies }
    }
}

/// Counts, and what must never be found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Audit {
    /// Orders there are.
    orders: u64,
    /// Orders that are neither confirmed nor cancelled yet.
    open: u64,
    /// Streams whose versions have a gap or a double; must be empty.
    broken_streams: Vec<BrokenStreamBody>,
    /// Keys with which a customer got more than one order; must be empty.
    doubled_keys: Vec<DoubledKeyBody>,
}

/// A stream whose versions are not 1, 2, 3 …
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrokenStream)]
pub(super) struct BrokenStreamBody {
    stream: Uuid,
    events: i64,
    last_version: i64,
}

/// A request that placed more than one order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DoubledKey)]
pub(super) struct DoubledKeyBody {
    #[schema(value_type = String)]
    customer: CustomerId,
    /// The operation and the key.
    key: String,
    orders: i64,
}

/// A page of orders.
#[derive(Debug, Deserialize, Validate, IntoParams)]
pub(super) struct AuditQuery {
    /// Where the last page ended: its `next`
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    after: Option<OrderId>,
    /// At most so many
    #[garde(range(min = 1, max = 1000))]
    #[serde(default = "many")]
    limit: u32,
}

fn many() -> u32 {
    500
}

/// Orders folded from their events, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditedPage {
    items: Vec<AuditedBody>,
    /// What to send as `after` for the next page; absent on the last one.
    #[schema(value_type = Option<String>)]
    next: Option<OrderId>,
}

/// An order folded from its events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditedOrder)]
pub(super) struct AuditedBody {
    #[schema(value_type = String)]
    order: OrderId,
    #[schema(value_type = String)]
    customer: CustomerId,
    /// `provisional`, `confirmed` or `cancelled`.
    status: &'static str,
    #[schema(value_type = Option<String>)]
    reason: Option<CancelReason>,
    #[schema(value_type = MoneySchema)]
    total: Money,
    /// The last version of its stream.
    version: u64,
    placed_at: DateTime<Utc>,
    #[schema(value_type = Option<String>)]
    replaces: Option<OrderId>,
    /// What was heard of the money before the decision.
    #[schema(value_type = Object)]
    payment: Payment,
    /// What was heard of the goods before the decision.
    #[schema(value_type = Object)]
    stock: Stock,
    /// Whether the list of orders says the same as the events.
    is_listed_right: bool,
}

/// Counts orders, and looks for what must never be found.
#[utoipa::path(tag = "operations", security(("bearer" = [])), responses(
    (status = 200, body = Audit),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem),
))]
#[get("/ops/audit")]
async fn read_audit(_: Operator, auditor: web::Data<Auditor>) -> Result<Json<Audit>, Problem> {
    let keep = auditor.keep_replies.num_microseconds().unwrap_or(i64::MAX);
    let findings = auditor.store.findings(keep).await.map_err(Refused::from)?;
    Ok(Json(Audit {
        orders: findings.orders,
        open: findings.open,
        broken_streams: findings.broken.into_iter().map(BrokenStreamBody::from).collect(),
        doubled_keys: findings.doubled.into_iter().map(DoubledKeyBody::from).collect(),
    }))
}

/// Lists every order as its events tell it.
#[utoipa::path(tag = "operations", security(("bearer" = [])), params(AuditQuery), responses(
    (status = 200, body = AuditedPage),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 422, body = Problem), (status = 503, body = Problem),
))]
#[get("/ops/audit/orders")]
async fn list_audited_orders(
    _: Operator,
    query: Valid<Query<AuditQuery>>,
    auditor: web::Data<Auditor>,
) -> Result<Json<AuditedPage>, Problem> {
    let AuditQuery { after, limit } = query.0.into_inner();
    let audited = auditor.store.audited(after, limit.into()).await.map_err(Refused::from)?;
    let is_full = audited.len() == limit as usize;
    let next = audited.last().filter(|_| is_full).map(|last| last.order.id());
    Ok(Json(AuditedPage { items: audited.into_iter().map(AuditedBody::from).collect(), next }))
}

impl From<BrokenStream> for BrokenStreamBody {
    fn from(broken: BrokenStream) -> Self {
        Self { stream: broken.stream_id, events: broken.events, last_version: broken.last }
    }
}

impl From<DoubledKey> for DoubledKeyBody {
    fn from(doubled: DoubledKey) -> Self {
        let customer = CustomerId::from_uuid(doubled.customer);
        Self { customer, key: doubled.request_key, orders: doubled.orders }
    }
}

impl From<AuditedOrder> for AuditedBody {
    fn from(audited: AuditedOrder) -> Self {
        let order = &audited.order;
        let standing = Standing::from(order.status());
        Self {
            order: order.id(),
            customer: order.customer(),
            status: standing.name(),
            reason: standing.reason(),
            total: order.total(),
            version: audited.version,
            placed_at: order.placed().placed_at,
            replaces: order.placed().replaces,
            payment: order.payment().clone(),
            stock: order.stock().clone(),
            is_listed_right: audited.is_listed_right,
        }
    }
}
