//! What a real provider lacks: switches for its operator.

use actix_web::web::{self, Json};
use actix_web::{HttpResponse, get, put};
use chassis::Problem;
use chassis::auth::Operator;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::desk::Desk;
use crate::mode::{Mode, Switch};

/// How the provider feels today.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ModeBody {
    mode: Mode,
}

/// Tells whether the provider is up, slow or down.
#[utoipa::path(tag = "sandbox", responses((status = 200, body = ModeBody)))]
#[get("/sandbox/mode")]
pub(super) async fn read_mode(switch: web::Data<Switch>) -> Json<ModeBody> {
    Json(ModeBody { mode: switch.mode() })
}

/// Makes the provider up, slow or down.
#[utoipa::path(
    tag = "sandbox",
    request_body = ModeBody,
    security(("bearer" = [])),
    responses(
        (status = 200, body = ModeBody),
        (status = 401, body = Problem, description = "no token"),
        (status = 403, body = Problem, description = "not an operator"),
    )
)]
#[put("/sandbox/mode")]
pub(super) async fn set_mode(
    _: Operator,
    switch: web::Data<Switch>,
    body: Json<ModeBody>,
) -> Json<ModeBody> {
    switch.set(body.mode);
    chassis::audit::detail("mode", format!("{:?}", body.mode));
    Json(ModeBody { mode: body.mode })
}

/// Lets refunds of a charge through from now on, as when the bank has sorted it out.
#[utoipa::path(
    tag = "sandbox",
    params(("key" = String, Path, description = "the idempotency key of the charge")),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "refunds go through"),
        (status = 401, body = Problem, description = "no token"),
        (status = 403, body = Problem, description = "not an operator"),
        (status = 404, body = Problem, description = "no such charge"),
    )
)]
#[put("/sandbox/charges/{key}/refunds-allowed")]
pub(super) async fn allow_refunds(
    _: Operator,
    desk: web::Data<Desk>,
    key: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    desk.allow_refunds(&key)?;
    Ok(HttpResponse::NoContent().finish())
}
