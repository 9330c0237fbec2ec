//! `/sessions`: signing in, staying signed in, signing out.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, delete, post};
use chassis::auth::{Claims, Subject};
use chassis::{Problem, Valid};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;

use super::bodies::{Customer, Refresh, SignIn};
use super::customers::parsed;
use super::problem::NO_SESSION;
use crate::Identity;
use crate::refresh_token::RefreshToken;
use crate::sessions::{Open, RefreshError};

/// A session, with the tokens that prove it.
#[derive(Debug, Serialize, ToSchema)]
struct Session {
    /// For the `Authorization` header.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// How long the access token lives, in seconds.
    expires_in: i64,
    /// Traded for the next pair; works once.
    refresh_token: String,
    /// When the session ends by itself.
    refresh_expires_at: DateTime<Utc>,
    /// Who it is.
    customer: Customer,
}

/// Signs in with address and password.
#[utoipa::path(tag = "sessions", request_body = SignIn, responses(
    (status = 201, body = Session),
    (status = 401, body = Problem, description = "wrong-credentials, whether or not there is such an account"),
    (status = 429, body = Problem, description = "too-many-attempts"),
    (status = 503, body = Problem, description = "passwords-busy"),
))]
#[post("/sessions")]
pub(super) async fn sign_in(
    request: HttpRequest,
    body: Valid<Json<SignIn>>,
    identity: Data<Identity>,
) -> Result<HttpResponse, Problem> {
    let body = body.0.into_inner();
    let from = identity.proxies.client_of(&request);
    let open = identity.sessions.sign_in(&parsed(&body.email)?, body.password, &from).await?;
    answer(HttpResponse::Created(), &identity, open)
}

/// Trades a refresh token for a new pair. The token before the newest yields the same pair for ten
/// seconds; any older one ends the session.
#[utoipa::path(tag = "sessions", request_body = Refresh, responses(
    (status = 200, body = Session),
    (status = 401, body = Problem, description = "refresh-token-invalid"),
))]
#[post("/sessions/refresh")]
pub(super) async fn refresh_session(
    body: Json<Refresh>,
    identity: Data<Identity>,
) -> Result<HttpResponse, Problem> {
    let token: Result<RefreshToken, _> = body.refresh_token.expose_secret().parse();
    let open = identity.sessions.refresh(&token.map_err(|_| RefreshError::Invalid)?).await?;
    answer(HttpResponse::Ok(), &identity, open)
}

/// Ends the session the access token was signed for.
#[utoipa::path(tag = "sessions", security(("bearer" = [])), responses(
    (status = 204, description = "ended, now or before"),
    (status = 401, body = Problem),
    (status = 403, body = Problem, description = "no-session"),
))]
#[delete("/sessions/current")]
pub(super) async fn sign_out(
    claims: Claims,
    identity: Data<Identity>,
) -> Result<HttpResponse, Problem> {
    let (Subject::Customer(customer), Some(session)) = (claims.sub, claims.sid) else {
        return Err(Problem::forbidden(NO_SESSION, "this token belongs to no session"));
    };
    identity.sessions.sign_out(customer, session).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn answer(
    mut response: HttpResponseBuilder,
    identity: &Identity,
    open: Open,
) -> Result<HttpResponse, Problem> {
    let access =
        identity.tokens.for_account(&open.account, open.session).map_err(Problem::internal)?;
    Ok(response.insert_header(super::NO_STORE).json(Session {
        access_token: access.token.expose_secret().to_owned(),
        token_type: "Bearer",
        expires_in: access.lives.num_seconds(),
        refresh_token: open.refresh_token.expose().to_owned(),
        refresh_expires_at: open.expires_at,
        customer: open.account.into(),
    }))
}
