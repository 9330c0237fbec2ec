//! What the audit of the whole shop reads here.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::get;
use actix_web::web::{self, Json, Query};
use chassis::auth::Operator;
use chassis::{Problem, Valid};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem;
use crate::catalog::{AuditCursor, AuditItem, Catalog};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReadAudit {
    /// The `next` of the page before.
    #[garde(skip)]
    after: Option<String>,
    /// How many at most: 1 to 500.
    #[garde(range(min = 1, max = 500))]
    limit: Option<usize>,
}

/// A stretch of what the audit compares: every product, then every order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuditPage {
    items: Vec<AuditItem>,
    /// The `after` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Reads what must add up: adjustments and stock per product, what is held per order.
#[utoipa::path(tag = "operations", params(ReadAudit), security(("bearer" = [])),
    responses((status = 200, body = AuditPage), (status = 400, body = Problem)))]
#[get("/ops/audit")]
pub(super) async fn read_audit(
    _operator: Operator,
    query: Valid<Query<ReadAudit>>,
    catalog: web::Data<Catalog>,
) -> Result<Json<AuditPage>, Problem> {
    let from = match &query.0.after {
        None => AuditCursor::Products(None),
        Some(text) => AuditCursor::from_text(text).ok_or_else(problem::cursor_not_valid)?,
    };
    let page = catalog.audit(from, query.0.limit.unwrap_or(200)).await?;
    Ok(Json(AuditPage { items: page.items, next: page.next.map(AuditCursor::to_text) }))
}
