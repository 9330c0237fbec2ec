//! The idempotency key of a request.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest};
use chassis::Problem;

use super::code;

/// Ours are ids with a prefix; nobody's are longer.
const MAX_LENGTH: usize = 64;

/// `Idempotency-Key`: letters, digits, `_` and `-`, because it becomes part of a path.
#[derive(Debug)]
pub(super) struct Key(pub(super) String);

impl FromRequest for Key {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = request
            .headers()
            .get("idempotency-key")
            .and_then(|value| value.to_str().ok())
            .filter(|key| {
                (1..=MAX_LENGTH).contains(&key.len())
                    && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            });
        ready(key.map(|key| Self(key.to_owned())).ok_or_else(|| {
            let detail = "an Idempotency-Key of 1 to 64 letters, digits, _ and - is needed";
            Problem::bad_request(code::KEY_MISSING, detail).into()
        }))
    }
}
