//! Every document as the audit compares it with a fold of the producers' feeds.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::get;
use actix_web::web::{Data, Json, Query};
use anyhow::Context as _;
use chassis::auth::Operator;
use chassis::{Problem, Valid};
use garde::Validate;
use serde::{Deserialize, Serialize};
use shop_contracts::order::CancelReason;
use shop_kernel::{CustomerId, Money, OrderId};
use utoipa::{IntoParams, ToSchema};

use crate::document::Document;
use crate::history::History;
use crate::schema::MoneyShape;
use crate::view::{MoneyView, OrderView, Status, Step, StockState};

const PAGE: u32 = 200;

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditParams {
    /// `next` of the page before.
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    after: Option<OrderId>,
    /// 1 to 1000; 200 when absent.
    #[garde(range(min = 1, max = 1000))]
    limit: Option<u32>,
}

/// A page of audited documents.
#[derive(Debug, Serialize, ToSchema)]
struct AuditPage {
    /// How many documents there are, about.
    documents: u64,
    /// By order id.
    items: Vec<AuditedOrder>,
    /// The `after` of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    next: Option<OrderId>,
}

/// What one document shows, without the person's name and address.
#[derive(Debug, Serialize, ToSchema)]
struct AuditedOrder {
    #[schema(value_type = String)]
    order: OrderId,
    /// How many facts the document holds.
    facts: u64,
    /// What it shows; absent while `order.placed` is missing.
    view: Option<AuditedView>,
}

#[derive(Debug, Serialize, ToSchema)]
struct AuditedView {
    #[schema(value_type = String)]
    customer: CustomerId,
    status: Status,
    #[schema(value_type = Option<String>)]
    reason: Option<CancelReason>,
    #[schema(value_type = MoneyShape)]
    total: Money,
    money: MoneyView,
    stock: StockState,
    timeline: Vec<Step>,
    /// SHA-256 of the whole view's JSON, in hexadecimal digits.
    digest: String,
}

/// Pages through every document.
#[utoipa::path(tag = "operations", params(AuditParams), security(("bearer" = [])), responses(
    (status = 200, body = AuditPage),
    (status = 403, body = Problem, description = "`not-allowed`: operators only"),
))]
#[get("/ops/audit")]
pub(super) async fn audit_orders(
    _operator: Operator,
    params: Valid<Query<AuditParams>>,
    history: Data<History>,
) -> Result<Json<AuditPage>, Problem> {
    let Valid(Query(params)) = params;
    let limit = params.limit.unwrap_or(PAGE);
    let mut page = history.page(params.after, limit + 1).await?;
    let is_last = page.len() <= limit as usize;
    page.truncate(limit as usize);
    Ok(Json(AuditPage {
        documents: history.count().await?,
        next: page.last().map(Document::order).filter(|_| !is_last),
        items: page.iter().map(audited).collect::<Result<_, _>>()?,
    }))
}

fn audited(document: &Document) -> Result<AuditedOrder, Problem> {
    let view = document.view().map(audited_view).transpose()?;
    Ok(AuditedOrder { order: document.order(), facts: document.revision(), view })
}

fn audited_view(view: OrderView) -> Result<AuditedView, Problem> {
    let digest = view.digest().context("no digest of a view").map_err(Problem::internal)?;
    Ok(AuditedView {
        customer: view.customer,
        status: view.status,
        reason: view.reason,
        total: view.total,
        money: view.money,
        stock: view.stock.state,
        timeline: view.timeline,
        digest,
    })
}
