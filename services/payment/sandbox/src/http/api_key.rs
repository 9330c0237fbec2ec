//! The shop's key: a bearer token the two have agreed upon.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{Error, FromRequest, HttpRequest, web};
use chassis::Problem;
use secrecy::{ExposeSecret as _, SecretString};

use super::code;

/// The key the shop must show.
#[derive(Debug, Clone)]
pub(crate) struct ApiKey(Arc<SecretString>);

impl ApiKey {
    pub(crate) fn new(key: SecretString) -> Self {
        Self(Arc::new(key))
    }

    fn opens_with(&self, shown: &str) -> bool {
        let (key, shown) = (self.0.expose_secret().as_bytes(), shown.as_bytes());
        // Looks at every byte, so that the time taken tells nothing about the first wrong one.
        key.len() == shown.len() && key.iter().zip(shown).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
    }
}

/// A request that shows the shop's key.
#[derive(Debug)]
pub(super) struct FromShop;

impl FromRequest for FromShop {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shown = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        let key = request.app_data::<web::Data<ApiKey>>();
        let is_shop = matches!((key, shown), (Some(key), Some(shown)) if key.opens_with(shown));
        ready(is_shop.then_some(Self).ok_or_else(|| {
            Problem::unauthorized(code::KEY_INVALID, "the api key is missing or wrong").into()
        }))
    }
}
