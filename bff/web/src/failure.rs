//! What went wrong, as someone who asked is told: a code for programs, a sentence for people.

use std::borrow::Cow;
use std::time::Duration;

use actix_web::http::StatusCode;
use async_graphql::{Error, ErrorExtensions as _, ServerError, Value};
use chassis::peer::{Away, PeerError};
use chassis::problem::Document;

/// A service did not answer in time, or cannot now; everything else on the page still stands.
pub(crate) const UNAVAILABLE: &str = "unavailable";
/// Nobody is signed in.
pub(crate) const NOT_SIGNED_IN: &str = "not-signed-in";
/// Somebody was signed in, and has to do it again.
pub(crate) const SESSION_EXPIRED: &str = "session-expired";
/// Every seat of those who listen is taken.
pub(crate) const TOO_MANY_LISTENERS: &str = "too-many-listeners";
/// An argument is not what it should be.
pub(crate) const NOT_VALID: &str = "not-valid";

/// When to come again, in seconds: a fact of refusals that pass.
const RETRY_AFTER: &str = "retryAfter";

fn extension<'e>(error: &'e ServerError, name: &str) -> Option<&'e Value> {
    error.extensions.as_ref()?.get(name)
}

/// Whether an error of an answer has this code.
pub(crate) fn has_code(error: &ServerError, wanted: &str) -> bool {
    matches!(extension(error, "code"), Some(Value::String(code)) if code == wanted)
}

/// Whether the same may well be answered a little later.
pub(crate) fn passes(error: &ServerError) -> bool {
    let is_passing = |code| has_code(error, code);
    [UNAVAILABLE, TOO_MANY_LISTENERS].into_iter().any(is_passing)
        || extension(error, RETRY_AFTER).is_some()
}

/// Why a field has no value. It has no `Display`, so that it cannot become an error by accident
/// and lose its code.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    facts: Vec<(Cow<'static, str>, serde_json::Value)>,
    is_for_now: bool,
}

impl Failure {
    pub(crate) fn new(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { code: code.into(), message: message.into(), facts: Vec::new(), is_for_now: false }
    }

    pub(crate) fn unavailable(service: &'static str) -> Self {
        let fact = (Cow::Borrowed("service"), service.into());
        let message = "this part of the shop does not answer just now";
        Self { facts: vec![fact], is_for_now: true, ..Self::new(UNAVAILABLE, message) }
    }

    pub(crate) fn not_valid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(NOT_VALID, message)
    }

    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    /// Whether whoever was asked is away, or there and too busy: no word on the matter itself.
    pub(crate) fn is_for_now(&self) -> bool {
        self.is_for_now
    }

    fn until(mut self, after: Duration) -> Self {
        self.facts.push((Cow::Borrowed(RETRY_AFTER), after.as_secs().into()));
        self
    }

    fn refused(status: u16, problem: Option<Box<Document>>) -> Self {
        let Some(problem) = problem.filter(|problem| !problem.code.is_empty()) else {
            return Self::of_status(status);
        };
        let Document { code, detail, errors, more, .. } = *problem;
        // Of a token that was taken from the session a moment ago, that it has ended.
        if status == 401 && code != "wrong-credentials" {
            return Self::of_status(status);
        }
        let mut facts: Vec<_> =
            more.into_iter().map(|(name, value)| (Cow::Owned(name), value)).collect();
        if let (false, Ok(errors)) = (errors.is_empty(), serde_json::to_value(errors)) {
            facts.push((Cow::Borrowed("errors"), errors));
        }
        let message = detail.map_or(Cow::Borrowed("this was refused"), Cow::Owned);
        Self { code, message, facts, is_for_now: false }
    }

    /// For answers without a problem document, as from something between us and the service.
    fn of_status(status: u16) -> Self {
        match status {
            401 => Self::new(SESSION_EXPIRED, "sign in again to go on"),
            403 => Self::new("not-allowed", "this is not allowed"),
            404 => Self::new("not-found", "there is no such thing"),
            429 => Self::new("too-many-attempts", "too often; try again later"),
            _ => Self::new("refused", "this was refused"),
        }
    }
}

impl From<PeerError> for Failure {
    fn from(error: PeerError) -> Self {
        match error {
            PeerError::Refused { peer, status, .. } if status.is_server_error() => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a service has failed");
                Self::unavailable(peer)
            }
            PeerError::Refused { status, problem, retry_after, .. } => {
                let failure = Self::refused(status.as_u16(), problem);
                match retry_after {
                    Some(after) => failure.until(after),
                    None => failure,
                }
            }
            PeerError::Unavailable {
                source: Some(Away::Busy { problem, retry_after }), ..
            } => {
                let status = StatusCode::SERVICE_UNAVAILABLE.as_u16();
                let failure = Self::refused(status, Some(problem)).until(retry_after);
                Self { is_for_now: true, ..failure }
            }
            // The breaker has told why when it opened; it is not repeated with every field.
            PeerError::Unavailable { peer, source: Some(Away::Open { .. } | Away::Full) } => {
                Self::unavailable(peer)
            }
            PeerError::Unavailable { peer, .. } => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a service is away");
                Self::unavailable(peer)
            }
            PeerError::Unreadable { peer, .. } => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a service said nonsense"
                );
                Self::unavailable(peer)
            }
        }
    }
}

impl From<Failure> for Error {
    fn from(Failure { code, message, facts, .. }: Failure) -> Self {
        Self::new(message).extend_with(|_, extensions| {
            extensions.set("code", code.as_ref());
            for (name, fact) in facts {
                if let Ok(fact) = Value::from_json(fact) {
                    extensions.set(name, fact);
                }
            }
        })
    }
}
