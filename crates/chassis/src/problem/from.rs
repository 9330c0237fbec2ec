//! Faults every service meets, as problems.

use actix_web::error::{JsonPayloadError, PathError, PayloadError, QueryPayloadError};
use actix_web::http::StatusCode;
use chassis_messaging::BrokerError;
use sea_orm::DbErr;

use super::{Invalid, Problem};
use crate::peer::{Away, PeerError};

impl From<DbErr> for Problem {
    fn from(error: DbErr) -> Self {
        if chassis_db::is_unavailable(&error) {
            Self::unavailable("store-unavailable", "the store does not answer").caused_by(error)
        } else {
            Self::internal(error)
        }
    }
}

impl From<BrokerError> for Problem {
    fn from(error: BrokerError) -> Self {
        match error {
            BrokerError::Away | BrokerError::Unconfirmed => {
                Self::unavailable("broker-unavailable", "the broker does not answer")
                    .caused_by(error)
            }
            BrokerError::Unroutable(_) | BrokerError::Refused(_) => Self::internal(error),
        }
    }
}

impl From<PeerError> for Problem {
    fn from(error: PeerError) -> Self {
        match error {
            PeerError::Unavailable { ref source, .. } => {
                let problem =
                    Self::unavailable("peer-unavailable", "a service this needs does not answer");
                let problem = match source {
                    Some(Away::Open { retry_after } | Away::Busy { retry_after, .. }) => {
                        problem.retry_after(*retry_after)
                    }
                    Some(Away::Broken(_) | Away::Full | Away::TimedOut(_)) | None => problem,
                };
                problem.caused_by(error)
            }
            PeerError::Refused { .. } | PeerError::Unreadable { .. } => Self::internal(error),
        }
    }
}

impl From<garde::Report> for Problem {
    fn from(report: garde::Report) -> Self {
        let errors = report.iter().map(|(path, error)| Invalid {
            pointer: pointer(&path.to_string()),
            message: error.message().to_owned(),
        });
        Self::unprocessable("not-valid", "parts of the request are not valid").with_errors(errors)
    }
}

/// `lines[0].quantity` as `/lines/0/quantity`.
fn pointer(path: &str) -> String {
    let parts = path.split(['.', '[', ']']).filter(|part| !part.is_empty());
    parts.fold(String::new(), |pointer, part| pointer + "/" + part)
}

impl From<JsonPayloadError> for Problem {
    fn from(error: JsonPayloadError) -> Self {
        use JsonPayloadError as E;
        match &error {
            E::OverflowKnownLength { limit, .. } | E::Overflow { limit } => too_large(*limit),
            E::Payload(PayloadError::Overflow) => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "the body is too large")
            }
            E::ContentType => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "the body must be application/json",
            ),
            E::Deserialize(cause) if cause.is_data() => {
                Self::unprocessable("not-valid", cause.to_string())
            }
            E::Deserialize(cause) => Self::bad_request("malformed-json", cause.to_string()),
            E::Payload(_) => Self::bad_request("body-incomplete", "the body could not be read"),
            E::Serialize(_) => Self::internal(error),
            // The enum may grow; what it says of a body it cannot take is the client's to mend.
            _ => Self::bad_request("malformed-json", "the body could not be read"),
        }
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body-too-large",
        format!("the body is larger than {limit} bytes"),
    )
}

impl From<PathError> for Problem {
    /// What is not an id names nothing, as an id nobody has.
    fn from(_: PathError) -> Self {
        Self::not_found("not-found", "there is nothing at this address")
    }
}

impl From<QueryPayloadError> for Problem {
    fn from(error: QueryPayloadError) -> Self {
        Self::bad_request("query-not-valid", error.to_string())
    }
}
