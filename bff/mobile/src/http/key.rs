//! The key a client gives a request that must not happen twice.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chassis::Problem;

use super::code;

const HEADER: &str = "idempotency-key";
/// What the strictest of the services takes.
const MAX_LENGTH: usize = 100;

/// The value of the one `Idempotency-Key` header.
pub(super) struct IdempotencyKey(pub(super) String);

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all(HEADER);
        let key = values.next().and_then(|value| value.to_str().ok()).map(str::trim);
        let key = key.filter(|key| (1..=MAX_LENGTH).contains(&key.len()));
        ready(match (key, values.next()) {
            (Some(key), None) => Ok(Self(key.to_owned())),
            _ => Err(Problem::bad_request(
                code::KEY_MISSING,
                format!("this needs one Idempotency-Key header of 1 to {MAX_LENGTH} characters"),
            )),
        })
    }
}
