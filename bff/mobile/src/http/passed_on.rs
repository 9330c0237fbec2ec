//! What the services refuse, as the client is told.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use chassis::Problem;
use chassis::peer::{Away, PeerError};

/// A refusal is passed on as it is: the services write for clients already. Anything else is not
/// the client's doing.
pub(super) fn passed_on(error: PeerError) -> Problem {
    let (status, document, retry_after) = match error {
        PeerError::Refused { status, problem: Some(document), retry_after, .. }
            if status.is_client_error() =>
        {
            (status, *document, retry_after)
        }
        PeerError::Unavailable { source: Some(Away::Busy { problem, retry_after }), .. } => {
            (StatusCode::SERVICE_UNAVAILABLE, *problem, Some(retry_after))
        }
        other => return other.into(),
    };
    let detail = document.detail.unwrap_or_default();
    let mut problem = Problem::new(status, document.code, detail).with_errors(document.errors);
    for (name, value) in document.more {
        problem = problem.with(&name, value);
    }
    if let Some(after) = retry_after {
        problem = problem.retry_after(after);
    }
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer realm=\"shop\"");
        problem = problem.header(WWW_AUTHENTICATE, challenge);
    }
    problem
}
