//! `/sessions`, `/guests`, `/customers`: who the client is. `identity` decides; passwords and refresh
//! tokens pass through unread.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, delete, post};
use chassis::Problem;
use serde_json::Value;
use utoipa::ToSchema;

use super::caller::SignedIn;
use super::passed_on::passed_on;
use super::shape::LocaleShape;
use crate::upstream::Upstream;
use crate::upstream::identity::{Customer, GuestSession, Session};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Somebody who wants an account.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used: nothing here reads a password")]
struct Register {
    #[schema(format = "email", example = "ada@example.org")]
    email: String,
    /// What to call them.
    #[schema(min_length = 1, max_length = 100, example = "Ada")]
    name: String,
    /// At least ten characters.
    #[schema(format = Password)]
    password: String,
    /// The language to write in.
    locale: Option<LocaleShape>,
}

/// Somebody who has an account.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used: nothing here reads a password")]
struct SignIn {
    #[schema(format = "email", example = "ada@example.org")]
    email: String,
    #[schema(format = Password)]
    password: String,
}

/// Somebody who stays signed in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used: nothing here reads a token")]
struct Refresh {
    /// The newest token of the session.
    refresh_token: String,
}

/// Opens an account.
#[utoipa::path(tag = "sessions", request_body = Register, responses(
    (status = 201, body = Customer),
    (status = 409, body = Problem, description = "`email-taken`"),
    (status = 422, body = Problem, description = "`weak-password`, `not-valid`"),
    (status = 429, body = Problem, description = "`too-many-attempts`"),
    (status = 503, body = Problem),
))]
#[post("/customers")]
pub(super) async fn register(
    request: HttpRequest,
    body: Json<Value>,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let customer = upstream.register(&body, &came_by(&request)).await.map_err(passed_on)?;
    Ok(HttpResponse::Created().json(customer))
}

/// Signs in: an access token for ten minutes, and a refresh token for the next pair.
#[utoipa::path(tag = "sessions", request_body = SignIn, responses(
    (status = 201, body = Session),
    (status = 401, body = Problem, description = "`wrong-credentials`"),
    (status = 422, body = Problem, description = "`not-valid`"),
    (status = 429, body = Problem, description = "`too-many-attempts`"),
    (status = 503, body = Problem),
))]
#[post("/sessions")]
pub(super) async fn sign_in(
    request: HttpRequest,
    body: Json<Value>,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let session = upstream.sign_in(&body, &came_by(&request)).await.map_err(passed_on)?;
    Ok(HttpResponse::Created().json(session))
}

/// Trades a refresh token for the next pair. An old one ends the session, because two hold it.
#[utoipa::path(tag = "sessions", request_body = Refresh, responses(
    (status = 200, body = Session),
    (status = 401, body = Problem, description = "`refresh-token-invalid`"),
    (status = 422, body = Problem, description = "`not-valid`"),
    (status = 503, body = Problem),
))]
#[post("/sessions/refresh")]
pub(super) async fn refresh_session(
    request: HttpRequest,
    body: Json<Value>,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let session = upstream.refresh(&body, &came_by(&request)).await.map_err(passed_on)?;
    Ok(HttpResponse::Ok().json(session))
}

/// Signs out: ends the session the token was signed for.
#[utoipa::path(tag = "sessions", security(("bearer" = [])), responses(
    (status = 204, description = "ended, now or before"),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem),
))]
#[delete("/sessions/current")]
pub(super) async fn sign_out(
    customer: SignedIn,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    upstream.sign_out(&customer.0).await.map_err(passed_on)?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives a visitor a token for a cart.
#[utoipa::path(tag = "sessions", responses(
    (status = 201, body = GuestSession),
    (status = 429, body = Problem, description = "`too-many-attempts`"),
    (status = 503, body = Problem),
))]
#[post("/guests")]
pub(super) async fn become_guest(
    request: HttpRequest,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let guest = upstream.new_guest(&came_by(&request)).await.map_err(passed_on)?;
    Ok(HttpResponse::Created().json(guest))
}

/// The addresses a request came by: what was said before us, and whom we saw ourselves. `identity`
/// believes only the part its trusted proxies wrote.
fn came_by(request: &HttpRequest) -> String {
    let said = request.headers().get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok());
    let seen = request.peer_addr().map(|address| address.ip().to_string());
    said.map(str::to_owned).chain(seen).collect::<Vec<_>>().join(", ")
}
