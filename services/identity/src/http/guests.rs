//! `/guests`: a name for a visitor, so that a cart has an owner.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use chassis::Problem;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::too_many;
use crate::Identity;
use crate::limiter::{Key, Turn};

/// A visitor's token.
#[derive(Debug, Serialize, ToSchema)]
struct Guest {
    /// `gst_…`
    guest: String,
    /// For the `Authorization` header.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// How long it lives, in seconds.
    expires_in: i64,
}

/// Gives a visitor a token for a cart.
#[utoipa::path(tag = "guests", responses(
    (status = 201, body = Guest),
    (status = 429, body = Problem, description = "too-many-attempts"),
))]
#[post("/guests")]
pub(super) async fn issue_guest_token(
    request: HttpRequest,
    identity: Data<Identity>,
) -> Result<HttpResponse, Problem> {
    let client = Key::of("guest", &[&identity.proxies.client_of(&request)]);
    if let Turn::Refused { retry_after } = identity.limiter.take(&client, identity.guests).await? {
        return Err(too_many(retry_after));
    }
    let (guest, issued) = identity.tokens.for_new_guest().map_err(Problem::internal)?;
    Ok(HttpResponse::Created().insert_header(super::NO_STORE).json(Guest {
        guest: guest.to_string(),
        access_token: issued.token.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: issued.lives.num_seconds(),
    }))
}
