//! `/ops/snapshot`: snapshots on demand, as the nightly verb takes them.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::post;
use actix_web::web::{self, Json, Query};
use chassis::Problem;
use chassis::auth::Operator;
use order_core::app::Snapshots;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::problem::Refused;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(take_snapshots);
}

#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct SnapshotQuery {
    /// Only streams that grew by so many events since their last snapshot
    #[serde(default = "ten")]
    min_events: u64,
}

/// Fewer events than that are read as fast as a snapshot.
fn ten() -> u64 {
    10
}

/// How many snapshots were taken.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Taken {
    taken: u64,
}

/// Takes a snapshot of every stream that has grown.
#[utoipa::path(tag = "operations", security(("bearer" = [])), params(SnapshotQuery), responses(
    (status = 200, body = Taken),
    (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 503, body = Problem),
))]
#[post("/ops/snapshot")]
async fn take_snapshots(
    _: Operator,
    query: Query<SnapshotQuery>,
    snapshots: web::Data<Snapshots>,
) -> Result<Json<Taken>, Problem> {
    let taken = snapshots.take(query.min_events).await.map_err(Refused::from)?;
    chassis::audit::detail("taken", taken);
    Ok(Json(Taken { taken }))
}
