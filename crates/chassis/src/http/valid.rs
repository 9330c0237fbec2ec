//! An extractor that checks what it extracted.

use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use garde::Validate;

use crate::Problem;

/// `Valid<Json<T>>` or `Valid<Query<T>>`, where `T` says by `garde` what is valid.
///
/// What is not answers 422 with a JSON pointer per part.
#[derive(Debug)]
pub struct Valid<E>(pub E);

impl<E, T> FromRequest for Valid<E>
where
    E: FromRequest + Deref<Target = T> + 'static,
    E::Error: Into<Error>,
    T: Validate,
    T::Context: Default,
{
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let extracted = E::from_request(request, payload);
        async move {
            let extracted = extracted.await.map_err(Into::into)?;
            extracted.validate().map_err(Problem::from)?;
            Ok(Self(extracted))
        }
        .boxed_local()
    }
}
