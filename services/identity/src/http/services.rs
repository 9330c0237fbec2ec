//! `/tokens/service`: how a service proves itself to the others.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, post};
use chassis::Problem;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;

use super::bodies::AskServiceToken;
use super::problem::WRONG_SECRET;
use crate::Identity;

/// A service's token.
#[derive(Debug, Serialize, ToSchema)]
struct ServiceToken {
    /// For the `Authorization` header.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// How long it lives, in seconds.
    expires_in: i64,
}

/// Gives a service that knows its secret a token.
#[utoipa::path(tag = "services", request_body = AskServiceToken, responses(
    (status = 200, body = ServiceToken),
    (status = 401, body = Problem, description = "wrong-secret, whether or not there is such a service"),
))]
#[post("/tokens/service")]
pub(super) async fn issue_service_token(
    body: Json<AskServiceToken>,
    identity: Data<Identity>,
) -> Result<HttpResponse, Problem> {
    let issued = identity
        .tokens
        .for_service(&body.service, &body.secret)
        .map_err(Problem::internal)?
        .ok_or_else(|| Problem::unauthorized(WRONG_SECRET, "the name or the secret is wrong"))?;
    Ok(HttpResponse::Ok().insert_header(super::NO_STORE).json(ServiceToken {
        access_token: issued.token.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: issued.lives.num_seconds(),
    }))
}
