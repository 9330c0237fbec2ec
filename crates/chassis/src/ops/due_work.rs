//! Calls to the outside that did not happen yet.

use actix_web::web::{self, Json, Path};
use actix_web::{HttpResponse, get, post};
use chassis_messaging::due;
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::Operations;
use crate::Problem;
use crate::auth::Operator;

/// More than a person reads.
const MOST: u64 = 500;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_due_work).service(reopen_due_work);
}

#[derive(Debug, Serialize)]
struct DueWork {
    items: Vec<due::Model>,
}

/// Lists work that is open or parked, oldest first.
#[utoipa::path(tag = "operations", security(("bearer" = [])), responses(
    (status = 200, description = "items with kind, subject, state, attempts and last_error",
     body = serde_json::Value),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem),
))]
#[get("/ops/due-work")]
async fn list_due_work(
    _: Operator,
    operations: web::Data<Operations>,
) -> Result<Json<DueWork>, Problem> {
    let items = match &operations.store {
        Some(store) => due::unfinished(store, MOST).await?,
        None => Vec::new(),
    };
    Ok(Json(DueWork { items }))
}

/// Opens parked work again, to be tried at once.
#[utoipa::path(tag = "operations", security(("bearer" = [])), params(("id" = Uuid, Path)), responses(
    (status = 204, description = "open again"),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem),
))]
#[post("/ops/due-work/{id}/reopen")]
async fn reopen_due_work(
    _: Operator,
    id: Path<Uuid>,
    operations: web::Data<Operations>,
) -> Result<HttpResponse, Problem> {
    if !due::reopen(operations.store()?, *id, operations.clock.now()).await? {
        return Err(Problem::not_found("work-unknown", "there is no such parked work"));
    }
    Ok(HttpResponse::NoContent().finish())
}
