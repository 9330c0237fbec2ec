//! What happens around every request: id, span, log line, figures, headers, no leaks.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError as _, web};
use futures::FutureExt as _;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use super::request;
use crate::problem::{self, Problem};
use crate::{Service, audit, trace};

/// A request that takes longer has a client that sends slowly or an answer nobody waits for.
const LONGEST: Duration = Duration::from_secs(30);

pub(super) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let start = Instant::now();
    let service = request.app_data::<web::Data<Service>>().map_or("", |service| service.name);
    let method = request.method().clone();
    let id = request::id_of(request.headers());
    let span = span(service, &request, &id);

    let path = request.path().to_owned();
    let answer = request::CURRENT.scope(id.clone(), answer(request, next));
    let (outcome, deed) = audit::watched(answer.instrument(span.clone())).await;

    let (route, status) = match &outcome {
        Ok(response) => (response.request().match_pattern(), response.status()),
        Err(error) => (None, error.as_response_error().status_code()),
    };
    // Never the raw path: it would make a label value of every id.
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    note(&span, service, &method, &route, status, start.elapsed());
    span.in_scope(|| deed.write(&method, &route, &path, status));
    match outcome {
        Ok(mut response) => {
            dress(response.headers_mut(), &id);
            Ok(response)
        }
        Err(mut error) => {
            error.add_response_mapper(move |mut response| {
                dress(response.headers_mut(), &id);
                response
            });
            Err(error)
        }
    }
}

fn span(service: &'static str, request: &ServiceRequest, id: &str) -> Span {
    if is_routine(request.path()) {
        // Asked every few seconds, for ever: no trace of it is worth its place.
        return tracing::debug_span!("request", service, request.id = id);
    }
    let span = tracing::info_span!(
        "request",
        service,
        otel.kind = "server",
        http.request.method = %request.method(),
        http.route = Empty,
        http.response.status_code = Empty,
        request.id = id,
        order.id = Empty,
    );
    let traceparent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    trace::set_parent(&span, traceparent);
    span
}

async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let handled = AssertUnwindSafe(next.call(request)).catch_unwind();
    match tokio::time::timeout(LONGEST, handled).await {
        Ok(Ok(Ok(response))) => Ok(as_problem(response.map_into_boxed_body())),
        Ok(Ok(Err(error))) => Err(error),
        Ok(Err(_panic)) => Err(refused(&Problem::internal(anyhow::anyhow!("a handler panicked")))),
        Err(_elapsed) => Err(refused(&Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "request-timeout",
            "the request took too long",
        ))),
    }
}

/// The problem as an answer made here and now, where it still knows its request.
fn refused(problem: &Problem) -> Error {
    InternalError::from_response(problem.to_string(), problem.error_response()).into()
}

/// Gives refusals the framework makes itself the shape of ours.
fn as_problem(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let ours = response.response().error().is_some_and(|e| e.as_error::<Problem>().is_some());
    let bare = !response.headers().contains_key(header::CONTENT_TYPE);
    if ours || !(bare || response.response().error().is_some()) {
        return response;
    }
    let (code, detail) = match status {
        StatusCode::METHOD_NOT_ALLOWED => {
            ("method-not-allowed", "this address takes other methods")
        }
        StatusCode::NOT_FOUND => ("not-found", "there is nothing at this address"),
        StatusCode::PAYLOAD_TOO_LARGE => ("body-too-large", "the body is too large"),
        status if status.is_server_error() => ("internal-error", ""),
        _ => ("bad-request", "the request cannot be understood"),
    };
    let mut document = Problem::new(status, code, detail).document().clone();
    document.request_id = request::current_id();
    let mut response = response.map_body(|_, _| BoxBody::new(problem::json(&document)));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(problem::MEDIA_TYPE));
    response
}

fn note(
    span: &Span,
    service: &'static str,
    method: &Method,
    route: &str,
    status: StatusCode,
    took: Duration,
) {
    trace::rename(span, format!("{method} {route}"));
    span.record("http.route", route);
    span.record("http.response.status_code", status.as_u16());
    let _entered = span.enter();
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if is_routine(route) {
        tracing::debug!(took_ms, "answered");
    } else {
        tracing::info!(took_ms, "answered");
    }
    metrics::histogram!(
        "http_server_request_duration_seconds",
        "service" => service,
        // A method nobody has heard of would be a label value of the caller's choice.
        "method" => known(method),
        "route" => route.to_owned(),
        "status" => status.as_str().to_owned(),
    )
    .record(took.as_secs_f64());
}

/// What supervisors and Prometheus ask.
fn is_routine(path: &str) -> bool {
    path.starts_with("/health/") || path == "/metrics"
}

fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn dress(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static(request::HEADER), id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Answers belong to one caller; a route whose answer may be kept says so itself.
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
