//! The ledger for those who check the shop against it.

use actix_web::get;
use actix_web::web::{self, Json};
use chassis::Problem;
use chassis::auth::ServiceOrOperator;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::desk::Desk;
use crate::ledger::Line;

/// The most lines one page holds.
const MAX_PAGE: usize = 500;

/// Which stretch of the ledger.
#[derive(Debug, Deserialize)]
pub(super) struct Stretch {
    /// The `next_after` of the page before; 0 starts at the beginning.
    #[serde(default)]
    after: u64,
    /// At most that many lines, up to 500.
    limit: Option<usize>,
}

/// A stretch of the ledger, in the order it was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LedgerPage {
    #[schema(value_type = Vec<Object>)]
    items: Vec<Line>,
    /// Where to go on.
    next_after: u64,
    /// Whether nothing more was written when this was read.
    is_end: bool,
}

/// The provider's own record of what it did.
#[utoipa::path(
    tag = "provider",
    params(
        ("after" = Option<u64>, Query, description = "the `next_after` of the page before"),
        ("limit" = Option<usize>, Query, description = "at most that many lines, up to 500"),
    ),
    security(("bearer" = [])),
    responses(
        (status = 200, body = LedgerPage),
        (status = 401, body = Problem, description = "no token"),
        (status = 403, body = Problem, description = "neither operator nor service"),
    )
)]
#[get("/v1/ledger")]
pub(super) async fn read_ledger(
    _: ServiceOrOperator,
    desk: web::Data<Desk>,
    stretch: web::Query<Stretch>,
) -> Result<Json<LedgerPage>, Problem> {
    let limit = stretch.limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE);
    let (items, is_end) = desk.lines(stretch.after, limit);
    let next_after = items.last().map_or(stretch.after, |line| line.no);
    Ok(Json(LedgerPage { items, next_after, is_end }))
}
