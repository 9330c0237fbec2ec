//! `/ops/audit`: counts.

use actix_web::get;
use actix_web::web::{Data, Json};
use chassis::Problem;
use chassis::auth::Operator;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Identity;

/// How much there is of what.
#[derive(Debug, Serialize, ToSchema)]
struct Audit {
    /// Accounts, operators included.
    customers: u64,
    /// Sessions that have neither ended nor expired.
    open_sessions: u64,
    /// Published keys.
    keys: usize,
}

/// Counts accounts, sessions and keys. Identity takes no part in sagas.
#[utoipa::path(tag = "operations", security(("bearer" = [])), responses(
    (status = 200, body = Audit),
    (status = 403, body = Problem),
))]
#[get("/ops/audit")]
pub(super) async fn read_audit(
    _: Operator,
    identity: Data<Identity>,
) -> Result<Json<Audit>, Problem> {
    Ok(Json(Audit {
        customers: identity.accounts.count().await?,
        open_sessions: identity.sessions.count_open().await?,
        keys: identity.keys.list().len(),
    }))
}
