//! Giving money back.

use actix_web::post;
use actix_web::web::{self, Json};
use chassis::Problem;
use serde::{Deserialize, Serialize};
use shop_kernel::Money;
use utoipa::ToSchema;

use super::api_key::FromShop;
use super::{SlowFor, admit};
use crate::bank::{RefundOrder, RefundStatus};
use crate::desk::Desk;
use crate::mode::Switch;

/// A refund to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundBody {
    /// The idempotency key of the charge.
    charge: String,
    /// How much of it.
    #[schema(value_type = Object)]
    amount: Money,
}

/// A refund and its answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RefundAnswer {
    /// The idempotency key it was made under.
    key: String,
    /// The idempotency key of the charge.
    charge: String,
    /// What became of it.
    status: RefundStatus,
    /// How much.
    #[schema(value_type = Object)]
    amount: Money,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// Gives money back, once per idempotency key.
#[utoipa::path(
    tag = "provider",
    request_body = RefundBody,
    params(("Idempotency-Key" = String, Header, description = "names the refund for ever")),
    security(("bearer" = [])),
    responses(
        (status = 200, body = RefundAnswer, description = "refunded or refused: see status"),
        (status = 401, body = Problem, description = "not the shop's key"),
        (status = 404, body = Problem, description = "no such charge"),
        (status = 409, body = Problem, description = "the key was used, or there is too little"),
        (status = 503, body = Problem, description = "switched off"),
    )
)]
#[post("/v1/refunds")]
pub(super) async fn make_refund(
    _: FromShop,
    key: super::key::Key,
    desk: web::Data<Desk>,
    switch: web::Data<Switch>,
    slow: web::Data<SlowFor>,
    body: Json<RefundBody>,
) -> Result<Json<RefundAnswer>, Problem> {
    admit(&switch, **slow).await?;
    let RefundBody { charge, amount } = body.into_inner();
    let refund = desk.refund(RefundOrder { key: key.0, charge, amount })?;
    let reason = match refund.status {
        RefundStatus::Refunded => None,
        RefundStatus::Refused => Some("the issuer does not take the money back"),
    };
    let (key, charge, status) = (refund.key, refund.charge, refund.status);
    Ok(Json(RefundAnswer { key, charge, status, amount: refund.amount, reason }))
}
