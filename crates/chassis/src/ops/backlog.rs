//! How much waits.

use actix_web::get;
use actix_web::web::{self, Json};
use chassis_messaging::{due, outbox};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::Operations;
use crate::Problem;
use crate::auth::Operator;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_backlog);
}

/// What waits in a service.
#[derive(Debug, Serialize, ToSchema)]
struct Backlog {
    outbox: Outbox,
    due_work: DueWork,
    /// Whether the broker is within reach; without it queues have no figures.
    broker: bool,
    queues: Vec<QueueDepth>,
}

/// Messages that are facts and not yet published.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Outbox {
    pending: u64,
    /// When the oldest became a fact.
    oldest: Option<DateTime<Utc>>,
}

/// Calls to the outside that did not happen yet.
#[derive(Debug, Default, Serialize, ToSchema)]
struct DueWork {
    open: u64,
    /// Those that wait for an operator.
    parked: u64,
}

/// A queue of this service.
#[derive(Debug, Serialize, ToSchema)]
struct QueueDepth {
    name: &'static str,
    /// Messages that wait; absent while the broker is away.
    ready: Option<u64>,
    /// Dead letters; absent while the broker is away.
    dead: Option<u64>,
}

/// Counts what waits in the outbox, in due work and in the queues.
#[utoipa::path(tag = "operations", security(("bearer" = [])), responses(
    (status = 200, body = Backlog),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem),
))]
#[get("/ops/backlog")]
async fn read_backlog(
    _: Operator,
    operations: web::Data<Operations>,
) -> Result<Json<Backlog>, Problem> {
    let (mut outbox, mut due_work) = (Outbox::default(), DueWork::default());
    if let Some(store) = &operations.store {
        let waiting = outbox::backlog(store).await?;
        outbox = Outbox { pending: waiting.pending, oldest: waiting.oldest };
        let work = due::backlog(store).await?;
        due_work = DueWork { open: work.open, parked: work.parked };
    }
    let mut queues = Vec::with_capacity(operations.queues.len());
    for queue in &operations.queues {
        // The rest is worth telling while the broker is away.
        let depth = operations.broker.depth(*queue).await.ok();
        queues.push(QueueDepth {
            name: queue.name,
            ready: depth.map(|depth| depth.ready),
            dead: depth.map(|depth| depth.dead),
        });
    }
    Ok(Json(Backlog { outbox, due_work, broker: operations.broker.is_connected(), queues }))
}
