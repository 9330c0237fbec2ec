//! `GET /mails/{id}.html`: a letter as the mailbox shows it, in a frame of its own.
//!
//! A letter brings its styles along, which the policy of the shop's pages forbids. At an address of
//! its own it has a policy of its own: styles, and nothing else at all.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, get};
use chassis::Problem;
use uuid::Uuid;

use super::Gateway;
use crate::failure::{Failure, NOT_SIGNED_IN, SESSION_EXPIRED};
use crate::session::Visitor;

/// No script, no link that leads anywhere, no picture that tells who looks at it.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'";

/// Shows one mail of the signed-in customer.
#[utoipa::path(tag = "mails", params(("id" = Uuid, Path)), responses(
    (status = 200, body = String, content_type = "text/html"),
    (status = 401, body = Problem, description = "not-signed-in, session-expired"),
    (status = 404, body = Problem, description = "mail-unknown"),
    (status = 503, body = Problem, description = "unavailable"),
))]
#[get("/mails/{id}.html")]
pub(super) async fn letter(
    request: HttpRequest,
    id: Path<Uuid>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Problem> {
    let visitor = gateway.sessions.visitor(&request).await;
    let mut response = match read(&gateway, &visitor, *id).await {
        Ok(Some(html)) => shown(html),
        Ok(None) => Problem::not_found("mail-unknown", "there is no such mail").error_response(),
        Err(failure) => refused(&failure, &visitor).error_response(),
    };
    // With a refusal, too: the token the browser has may just have been traded in.
    for cookie in gateway.sessions.cookies(&visitor) {
        response.add_cookie(&cookie).map_err(Problem::internal)?;
    }
    Ok(response)
}

async fn read(gateway: &Gateway, visitor: &Visitor, id: Uuid) -> Result<Option<String>, Failure> {
    let mail = gateway.upstream.mail(&visitor.customer()?, id).await?;
    Ok(mail.and_then(|mail| mail.html))
}

fn shown(html: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(html)
}

fn refused(failure: &Failure, visitor: &Visitor) -> Problem {
    if failure.code() == SESSION_EXPIRED {
        visitor.distrust();
    }
    match failure.code() {
        SESSION_EXPIRED => Problem::unauthorized(SESSION_EXPIRED, "sign in again to go on"),
        NOT_SIGNED_IN => Problem::unauthorized(NOT_SIGNED_IN, "sign in first"),
        _ => Problem::unavailable("unavailable", "this part of the shop does not answer just now"),
    }
}
