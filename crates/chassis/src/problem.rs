//! RFC 9457 problem details: the one error body of every API.

mod document;
mod from;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::Map;

use crate::http::request;

pub(crate) use document::json;
pub use document::{Document, Invalid};

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Codes of 503s that mean: nothing that matters can be done here now. The first is that of a 503
/// nobody gave a reason.
pub(crate) const OUTAGES: [&str; 5] = [
    "internal-error",
    "store-unavailable",
    "broker-unavailable",
    "peer-unavailable",
    "keys-not-loaded",
];

/// What went wrong, as the client is told.
///
/// The code is what programs match on: kebab-case, listed in the service's README. A fault that
/// caused it is logged once, when the answer is made, and never told.
#[derive(Debug)]
pub struct Problem(Box<Inner>);

#[derive(Debug)]
struct Inner {
    status: StatusCode,
    document: Document,
    headers: Vec<(header::HeaderName, header::HeaderValue)>,
    fault: Option<anyhow::Error>,
}

impl Problem {
    /// A problem with any status.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Self {
        Self(Box::new(Inner {
            status,
            document: Document {
                kind: document::about_blank(),
                title: status.canonical_reason().unwrap_or("Error").into(),
                status: status.as_u16(),
                detail: Some(detail.into()).filter(|detail| !detail.is_empty()),
                code: code.into(),
                errors: Vec::new(),
                request_id: None,
                more: Map::new(),
            },
            headers: Vec::new(),
            fault: None,
        }))
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 401: nobody, or nobody we trust, asks.
    pub fn unauthorized(code: &'static str, detail: impl Into<String>) -> Self {
        let challenge = match code {
            "token-invalid" | "token-expired" => "Bearer realm=\"shop\", error=\"invalid_token\"",
            _ => "Bearer realm=\"shop\"",
        };
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
            .header(header::WWW_AUTHENTICATE, header::HeaderValue::from_static(challenge))
    }

    /// 403: known, and not allowed. A foreign object answers 404 instead.
    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    /// 404: there is no such thing, or it is not the caller's.
    pub fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    /// 409: not in the state it is in.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 422: understood, and refused by a rule.
    pub fn unprocessable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// 429: too often; says when to come again.
    pub fn too_many(code: &'static str, detail: impl Into<String>, retry_after: Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code, detail).retry_after(retry_after)
    }

    /// 503: cannot do it now; says to come again in a second.
    pub fn unavailable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).retry_after(Duration::from_secs(1))
    }

    /// 500: a fault of ours, of which the client learns nothing but the request id.
    pub fn internal(fault: impl Into<anyhow::Error>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error", "").caused_by(fault)
    }

    /// Adds the fault to log.
    #[must_use]
    pub fn caused_by(mut self, fault: impl Into<anyhow::Error>) -> Self {
        self.0.fault = Some(fault.into());
        self
    }

    /// Adds a fact that belongs to the code, for the client to go on with.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.0.document.more.insert(name.to_owned(), value);
        }
        self
    }

    /// Adds the parts of the request that are not valid.
    #[must_use]
    pub fn with_errors(mut self, errors: impl IntoIterator<Item = Invalid>) -> Self {
        self.0.document.errors.extend(errors);
        self
    }

    /// Says when to come again, in whole seconds.
    #[must_use]
    pub fn retry_after(self, after: Duration) -> Self {
        let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
        self.header(header::RETRY_AFTER, seconds.into())
    }

    /// Sets a header of the answer.
    #[must_use]
    pub fn header(mut self, name: header::HeaderName, value: header::HeaderValue) -> Self {
        self.0.headers.retain(|(other, _)| *other != name);
        self.0.headers.push((name, value));
        self
    }

    /// What the client is told.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.0.document
    }

    /// The code of what happened.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.document.code
    }

    fn log_fault(&self) {
        let Some(fault) = &self.0.fault else { return };
        let fault: &(dyn std::error::Error + 'static) = fault.as_ref();
        let code = self.code();
        if self.0.status == StatusCode::SERVICE_UNAVAILABLE {
            tracing::warn!(code, error = fault, "a request could not be served now");
        } else {
            tracing::error!(code, error = fault, "a request failed");
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.code())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    /// Called once per answer, inside the request's span: the place to log the fault.
    fn error_response(&self) -> HttpResponse {
        self.log_fault();
        let mut document = self.document().clone();
        document.request_id = document.request_id.or_else(request::current_id);
        let mut response = HttpResponse::build(self.0.status);
        for header in &self.0.headers {
            response.insert_header(header.clone());
        }
        response.content_type(MEDIA_TYPE).body(json(&document))
    }
}
