//! Rebuilding the documents from the feeds, for operators.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chassis::Problem;
use chassis::auth::Operator;
use serde::Serialize;
use utoipa::ToSchema;

use crate::history::History;
use crate::rebuild::{Rebuild, Rebuilder};
use crate::store::{Generation, Generations};

/// Which collections there are, and how far the last rebuild is.
#[derive(Debug, Serialize, ToSchema)]
struct Standing {
    /// The generation that serves.
    #[schema(value_type = u32)]
    current: Generation,
    /// The generation a rebuild is filling.
    #[schema(value_type = Option<u32>)]
    filling: Option<Generation>,
    /// How many documents serve, about.
    documents: u64,
    /// The rebuild that runs, or ran last.
    rebuild: Option<Rebuild>,
}

impl Standing {
    fn of(generations: Generations, documents: u64) -> Self {
        let Generations { current, filling, rebuild, .. } = generations;
        Self { current, filling, documents, rebuild }
    }
}

/// Begins a rebuild; the documents there are go on serving until it is done.
#[utoipa::path(tag = "operations", security(("bearer" = [])), responses(
    (status = 202, body = Standing, description = "begun; `GET /ops/rebuild` tells how far it is"),
    (status = 403, body = Problem, description = "`not-allowed`: operators only"),
    (status = 409, body = Problem, description = "`rebuild-runs`"),
))]
#[post("/ops/rebuild")]
pub(super) async fn begin_rebuild(
    _operator: Operator,
    rebuilder: Data<Rebuilder>,
    history: Data<History>,
) -> Result<HttpResponse, Problem> {
    let begun = rebuilder.begin().await?;
    let documents = history.count().await?;
    Ok(HttpResponse::Accepted()
        .insert_header(("location", "/ops/rebuild"))
        .json(Standing::of(begun, documents)))
}

/// Tells how far the last rebuild is.
#[utoipa::path(tag = "operations", security(("bearer" = [])), responses(
    (status = 200, body = Standing),
    (status = 403, body = Problem, description = "`not-allowed`: operators only"),
))]
#[get("/ops/rebuild")]
pub(super) async fn read_rebuild(
    _operator: Operator,
    rebuilder: Data<Rebuilder>,
    history: Data<History>,
) -> Result<Json<Standing>, Problem> {
    let documents = history.count().await?;
    Ok(Json(Standing::of(rebuilder.standing().await?, documents)))
}
