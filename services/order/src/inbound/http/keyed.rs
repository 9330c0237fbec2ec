//! A JSON body under an idempotency key: what makes a POST safe to send again.

use actix_web::dev::Payload;
use actix_web::error::JsonPayloadError;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{Error, FromRequest, HttpRequest};
use chassis::Problem;
use garde::Validate;
use order_core::ports::{Operation, RequestKey};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use shop_kernel::CustomerId;

use super::code;

const HEADER: &str = "idempotency-key";
/// As long as the largest payment provider allows; a UUID takes 36.
const MAX_LENGTH: usize = 255;

/// A valid body, and the key it came with.
#[derive(Debug)]
pub(super) struct Keyed<T> {
    pub(super) body: T,
    key: String,
    fingerprint: String,
}

impl<T> Keyed<T> {
    /// The key of this customer for that operation.
    pub(super) fn request_key(&self, customer: CustomerId, operation: Operation) -> RequestKey {
        let (key, fingerprint) = (self.key.clone(), self.fingerprint.clone());
        RequestKey { customer, operation, key, fingerprint }
    }
}

impl<T> FromRequest for Keyed<T>
where
    T: DeserializeOwned + Validate + 'static,
    T::Context: Default,
{
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let key = key(request);
        let path = request.path().to_owned();
        let is_json = is_json(request);
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            let key = key?;
            if !is_json {
                return Err(Problem::from(JsonPayloadError::ContentType).into());
            }
            let bytes = bytes.await?;
            let body: T = serde_json::from_slice(&bytes)
                .map_err(|error| Problem::from(JsonPayloadError::Deserialize(error)))?;
            body.validate().map_err(Problem::from)?;
            Ok(Self { body, key, fingerprint: fingerprint(&path, &bytes) })
        })
    }
}

fn key(request: &HttpRequest) -> Result<String, Problem> {
    let mut values = request.headers().get_all(HEADER);
    let key = values.next().and_then(|value| value.to_str().ok()).map(str::trim);
    let key = key.filter(|key| !key.is_empty() && key.len() <= MAX_LENGTH);
    match (key, values.next()) {
        (Some(key), None) => Ok(key.to_owned()),
        _ => Err(Problem::bad_request(
            code::KEY_MISSING,
            format!("this needs one Idempotency-Key header of 1 to {MAX_LENGTH} characters"),
        )),
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).map(str::trim);
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
}

/// What was asked, path and all: the same body under another path is another request.
fn fingerprint(path: &str, body: &[u8]) -> String {
    let digest = Sha256::new().chain_update(path).chain_update([0]).chain_update(body).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
