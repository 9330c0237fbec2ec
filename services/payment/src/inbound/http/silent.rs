//! A body with a card in it: what is wrong with it is told without repeating any of it.

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest, web};
use chassis::Problem;
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

/// JSON like `web::Json`, but silent about what was in it.
pub(super) struct Silent<T>(pub(super) T);

impl<T: DeserializeOwned + 'static> FromRequest for Silent<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = web::Bytes::from_request(request, payload);
        async move {
            let bytes = bytes.await?;
            serde_json::from_slice(&bytes).map(Self).map_err(|error| {
                // The parser's own words quote what it found, which may be the number.
                let (line, column) = (error.line(), error.column());
                let detail =
                    format!("not the JSON of a card: look at line {line}, column {column}");
                Problem::unprocessable("not-valid", detail).into()
            })
        }
        .boxed_local()
    }
}
