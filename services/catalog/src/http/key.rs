//! The key a client gives a request that must not happen twice.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chassis::Problem;

const HEADER: &str = "idempotency-key";
/// Room for a UUID, a ULID or a hash, and for a prefix in front of it.
const MAX_LENGTH: usize = 100;

/// The value of the `Idempotency-Key` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IdempotencyKey(pub(super) String);

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
        let key = header.map(str::trim).filter(|key| (1..=MAX_LENGTH).contains(&key.len()));
        ready(key.map(|key| Self(key.to_owned())).ok_or_else(|| {
            Problem::bad_request(
                super::problem::IDEMPOTENCY_KEY_NEEDED,
                "this needs an Idempotency-Key header of 1 to 100 characters",
            )
        }))
    }
}
