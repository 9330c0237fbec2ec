//! The idempotency key of a request that stores something.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chassis::Problem;

use super::code;

/// Long enough for any id or hash a client may make up.
const MAX_LENGTH: usize = 100;

/// `Idempotency-Key`: visible ASCII, made up by the client, the same for every repetition.
#[derive(Debug)]
pub(super) struct IdempotencyKey(pub(super) String);

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = request
            .headers()
            .get("idempotency-key")
            .and_then(|value| value.to_str().ok())
            .filter(|key| (1..=MAX_LENGTH).contains(&key.len()));
        ready(key.map(|key| Self(key.to_owned())).ok_or_else(|| {
            let detail = "an Idempotency-Key header of 1 to 100 characters is needed";
            Problem::bad_request(code::KEY_MISSING, detail)
        }))
    }
}
