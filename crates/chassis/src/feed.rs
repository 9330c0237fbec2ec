//! `GET /feed`: everything this service published, for other services.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::get;
use actix_web::web::{self, Json, Query};
use chassis_messaging::feed::{self, FeedPage};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::Problem;
use crate::auth::ServiceOrOperator;
use crate::ops::Operations;

/// Adds the route; the server needs [`Operations`] as data.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_feed);
}

#[derive(Debug, Deserialize, IntoParams)]
struct From {
    /// The last publish number seen; 0 starts at the beginning
    #[serde(default)]
    after: i64,
    /// At most so many messages, up to 500
    #[serde(default = "hundred")]
    limit: u64,
}

fn hundred() -> u64 {
    100
}

/// Reads what was published after a number, in publish order.
#[utoipa::path(tag = "operations", params(From), security(("bearer" = [])), responses(
    (status = 200, description = "items with number and message, where to go on, and whether this is the end",
     body = serde_json::Value),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem),
))]
#[get("/feed")]
async fn read_feed(
    _: ServiceOrOperator,
    from: Query<From>,
    operations: web::Data<Operations>,
) -> Result<Json<FeedPage>, Problem> {
    Ok(Json(feed::read(operations.store()?, from.after, from.limit).await?))
}
