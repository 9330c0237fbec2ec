//! `POST /graphql`: queries and mutations, one or a few at once.

use std::sync::Arc;

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, post};
use async_graphql::{BatchRequest, BatchResponse, Request, Response};
use chassis::Problem;

use super::{Gateway, body, guard};
use crate::SERVICE;
use crate::failure::{self, SESSION_EXPIRED};
use crate::schema::asked_by;
use crate::session::Visitor;

/// Executes a GraphQL request, or a few of them one after the other.
#[utoipa::path(tag = "graphql",
    request_body(content = serde_json::Value, description = "`{query, variables, operationName}`, or a list of those"),
    params(("x-csrf" = String, Header, description = "any value: shows that a script of ours asks")),
    responses(
    (status = 200, description = "`{data, errors}`; `errors[].extensions.code` says why", body = serde_json::Value),
    (status = 400, body = Problem, description = "malformed-json, batch-too-large, query-too-long"),
    (status = 403, body = Problem, description = "csrf-header-missing, origin-not-allowed"),
    (status = 413, body = Problem), (status = 415, body = Problem, description = "not-json"),
))]
#[post("/graphql")]
pub(super) async fn execute(
    request: HttpRequest,
    bytes: Bytes,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Problem> {
    guard::check(&request, gateway.origin.as_deref())?;
    let batch = body::read(&bytes, &gateway.limits)?;
    let visitor = Arc::new(gateway.sessions.visitor(&request).await);

    let answer = match batch {
        BatchRequest::Single(request) => {
            BatchResponse::Single(answered(&gateway, request, &visitor).await)
        }
        BatchRequest::Batch(requests) => {
            let mut answers = Vec::with_capacity(requests.len());
            // In turn: they share a session, and one may begin what the next one needs.
            for request in requests {
                answers.push(answered(&gateway, request, &visitor).await);
            }
            BatchResponse::Batch(answers)
        }
    };
    let mut response = HttpResponse::Ok();
    for cookie in gateway.sessions.cookies(&visitor) {
        response.cookie(cookie);
    }
    Ok(response.json(answer))
}

async fn answered(gateway: &Gateway, request: Request, visitor: &Arc<Visitor>) -> Response {
    let response = gateway.schema.execute(asked_by(request, &gateway.upstream, visitor)).await;
    if response.errors.iter().any(|error| failure::has_code(error, SESSION_EXPIRED)) {
        visitor.distrust();
    }
    let outcome = if response.errors.is_empty() {
        "ok"
    } else if response.errors.iter().all(|error| error.path.is_empty()) {
        "refused"
    } else {
        "partial"
    };
    operations(outcome).increment(1);
    response
}

/// Begins every count at zero, so that the first of a kind is seen as a rise.
pub(crate) fn begin_figures() {
    for outcome in ["ok", "partial", "refused"] {
        operations(outcome).increment(0);
    }
}

fn operations(outcome: &'static str) -> metrics::Counter {
    metrics::counter!("graphql_operations_total", "service" => SERVICE.name, "outcome" => outcome)
}
