//! Messages nobody could handle: looked at, tried again, thrown away with a note.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::web::{self, Json, Path, Query};
use actix_web::{HttpResponse, delete, get, post};
use chassis_messaging::DeadLetter;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::Operations;
use crate::auth::Operator;
use crate::{Problem, Valid, audit};

/// More than a person reads; whoever has more replays them all.
const MOST: usize = 500;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_dead_letters)
        .service(read_dead_letter)
        .service(replay_dead_letters)
        .service(replay_dead_letter)
        .service(discard_dead_letter);
}

#[derive(Debug, Deserialize, IntoParams)]
struct Which {
    /// One queue instead of all
    queue: Option<String>,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
struct Why {
    /// Why it may be thrown away
    #[garde(length(chars, min = 3, max = 500))]
    note: String,
}

#[derive(Debug, Serialize)]
struct DeadLetters {
    items: Vec<Listed>,
}

#[derive(Debug, Serialize)]
struct Listed {
    queue: &'static str,
    #[serde(flatten)]
    letter: DeadLetter,
}

/// How many were put back.
#[derive(Debug, Serialize, ToSchema)]
struct Replayed {
    replayed: u64,
}

fn unknown() -> Problem {
    Problem::not_found("dead-letter-unknown", "there is no such dead letter")
}

/// Lists dead letters with their reasons, oldest first.
#[utoipa::path(tag = "operations", params(Which), security(("bearer" = [])), responses(
    (status = 200, description = "items with queue, message_id, reason, attempts, dead_at and body",
     body = serde_json::Value),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem),
))]
#[get("/ops/dead-letters")]
async fn list_dead_letters(
    _: Operator,
    which: Query<Which>,
    operations: web::Data<Operations>,
) -> Result<Json<DeadLetters>, Problem> {
    let queues = match &which.queue {
        Some(name) => vec![operations.queue(name)?],
        None => operations.queues.clone(),
    };
    let mut items = Vec::new();
    for queue in queues {
        let letters = operations.broker.dead_letters(queue, MOST).await?;
        items.extend(letters.into_iter().map(|letter| Listed { queue: queue.name, letter }));
    }
    Ok(Json(DeadLetters { items }))
}

/// Shows one dead letter.
#[utoipa::path(tag = "operations", security(("bearer" = [])),
    params(("queue" = String, Path), ("id" = Uuid, Path)), responses(
    (status = 200, body = serde_json::Value),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem),
))]
#[get("/ops/dead-letters/{queue}/{id}")]
async fn read_dead_letter(
    _: Operator,
    path: Path<(String, Uuid)>,
    operations: web::Data<Operations>,
) -> Result<Json<Listed>, Problem> {
    let (name, id) = path.into_inner();
    let queue = operations.queue(&name)?;
    let letters = operations.broker.dead_letters(queue, MOST).await?;
    let letter = letters.into_iter().find(|letter| letter.message_id == id);
    Ok(Json(Listed { queue: queue.name, letter: letter.ok_or_else(unknown)? }))
}

/// Puts every dead letter of a queue back into it.
#[utoipa::path(tag = "operations", security(("bearer" = [])), params(("queue" = String, Path)),
    responses(
    (status = 200, body = Replayed),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem),
))]
#[post("/ops/dead-letters/{queue}/replay")]
async fn replay_dead_letters(
    _: Operator,
    path: Path<String>,
    operations: web::Data<Operations>,
) -> Result<Json<Replayed>, Problem> {
    let queue = operations.queue(&path)?;
    let replayed = operations.broker.replay(queue, None).await?;
    audit::detail("replayed", replayed);
    Ok(Json(Replayed { replayed }))
}

/// Puts one dead letter back into its queue.
#[utoipa::path(tag = "operations", security(("bearer" = [])),
    params(("queue" = String, Path), ("id" = Uuid, Path)), responses(
    (status = 200, body = Replayed),
    (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 503, body = Problem),
))]
#[post("/ops/dead-letters/{queue}/{id}/replay")]
async fn replay_dead_letter(
    _: Operator,
    path: Path<(String, Uuid)>,
    operations: web::Data<Operations>,
) -> Result<Json<Replayed>, Problem> {
    let (name, id) = path.into_inner();
    let queue = operations.queue(&name)?;
    let replayed = operations.broker.replay(queue, Some(id)).await?;
    if replayed == 0 {
        return Err(unknown());
    }
    Ok(Json(Replayed { replayed }))
}

/// Throws one dead letter away; the note goes into the audit log.
#[utoipa::path(tag = "operations", security(("bearer" = [])),
    params(("queue" = String, Path), ("id" = Uuid, Path), Why), responses(
    (status = 204, description = "thrown away"),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem), (status = 503, body = Problem),
))]
#[delete("/ops/dead-letters/{queue}/{id}")]
async fn discard_dead_letter(
    _: Operator,
    path: Path<(String, Uuid)>,
    why: Valid<Query<Why>>,
    operations: web::Data<Operations>,
) -> Result<HttpResponse, Problem> {
    let (name, id) = path.into_inner();
    let queue = operations.queue(&name)?;
    let Valid(Query(Why { note })) = why;
    audit::detail("note", note);
    if !operations.broker.discard(queue, id).await? {
        return Err(unknown());
    }
    Ok(HttpResponse::NoContent().finish())
}
