//! `GET /graphql`: subscriptions, as server-sent events.
//!
//! Not over a web socket: the session's cookie and the origin arrive as with any request, browsers open
//! the stream again by themselves, and queries and mutations cannot come in by a second door.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Value, Variables};
use chassis::Problem;
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt as _};
use serde::Deserialize;
use tokio::time::{Interval, MissedTickBehavior};

use super::{Gateway, body, guard};
use crate::failure;
use crate::schema::asked_by;

/// How soon a browser comes back whose stream has ended.
const RETRY: &str = "retry: 1000\n\n";
const HEARTBEAT: &str = ": still here\n\n";
/// After a refusal that passes it need not hurry: what was away a second ago mostly still is.
const LATER: &str = "retry: 5000\n\n";
const COMPLETE: &str = "event: complete\ndata:\n\n";

/// A subscription as an `EventSource` sends it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    query: String,
    /// As JSON.
    variables: Option<String>,
    operation_name: Option<String>,
}

/// Executes a subscription; every event `next` is one response.
#[utoipa::path(tag = "graphql",
    params(("query" = String, Query), ("variables" = Option<String>, Query, description = "as JSON"),
        ("operationName" = Option<String>, Query)),
    responses(
    (status = 200, description = "events `next` and `complete`", body = String, content_type = "text/event-stream"),
    (status = 400, body = Problem, description = "query-too-long, not-a-subscription, malformed-json"),
    (status = 403, body = Problem, description = "origin-not-allowed"),
    (status = 406, body = Problem, description = "not-acceptable"),
))]
#[get("/graphql")]
pub(super) async fn listen(
    request: HttpRequest,
    asked: Query<Asked>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Problem> {
    guard::check_origin(&request, gateway.origin.as_deref())?;
    if !takes_events(&request) {
        let detail = "this address answers GET with text/event-stream only";
        return Err(Problem::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", detail));
    }
    let mut wanted = wanted(asked.into_inner())?;
    body::check_length(&wanted, &gateway.limits)?;
    if !body::is_only(&mut wanted, OperationType::Subscription) {
        let detail = "queries and mutations are sent with POST";
        return Err(Problem::bad_request("not-a-subscription", detail));
    }
    let visitor = Arc::new(gateway.sessions.visitor(&request).await);
    let mut response = HttpResponse::Ok();
    for cookie in gateway.sessions.cookies(&visitor) {
        response.cookie(cookie);
    }
    let wanted = asked_by(wanted, &gateway.upstream, &visitor);
    let responses = gateway.schema.execute_stream(wanted);
    Ok(response
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        // Proxies that collect answers before they pass them on would hold every event back.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(events(responses.boxed(), gateway.heartbeat)))
}

fn takes_events(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accepted.is_some_and(|accept| accept.contains("text/event-stream"))
}

fn wanted(asked: Asked) -> Result<Request, Problem> {
    let mut request = Request::new(asked.query);
    if let Some(variables) = asked.variables.filter(|text| !text.is_empty()) {
        let malformed = |_| Problem::bad_request("malformed-json", "variables are a JSON object");
        let variables = serde_json::from_str(&variables).map_err(malformed)?;
        request = request.variables(Variables::from_json(variables));
    }
    Ok(match asked.operation_name {
        Some(name) => request.operation_name(name),
        None => request,
    })
}

struct Events {
    responses: BoxStream<'static, Response>,
    heartbeat: Interval,
    ended: bool,
}

/// The responses, with signs of life between them. An end of its own accord is left to the
/// browser, which comes back with a fresh session, and so is a refusal that passes; any other
/// refusal is final, and says so. A part that is missing ends nothing.
fn events(
    responses: BoxStream<'static, Response>,
    every: Duration,
) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
    let mut heartbeat = tokio::time::interval(every.max(Duration::from_millis(1)));
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat.reset();
    let events = Events { responses, heartbeat, ended: false };
    let told = stream::unfold(events, |mut events| async move {
        let text = events.next().await?;
        Some((text, events))
    });
    stream::once(async { RETRY.to_owned() }).chain(told).map(|text| Ok(text.into()))
}

impl Events {
    async fn next(&mut self) -> Option<String> {
        if self.ended {
            return None;
        }
        tokio::select! {
            response = self.responses.next() => {
                let response = response?;
                self.ended = response.data == Value::Null;
                let json = serde_json::to_string(&response).ok()?;
                let mut text = format!("event: next\ndata: {json}\n\n");
                if self.ended {
                    let passes = response.errors.iter().any(failure::passes);
                    text.push_str(if passes { LATER } else { COMPLETE });
                }
                Some(text)
            }
            _ = self.heartbeat.tick() => Some(HEARTBEAT.to_owned()),
        }
    }
}
