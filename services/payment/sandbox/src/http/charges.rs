//! Taking money.

use actix_web::web::{self, Json};
use actix_web::{get, post};
use chassis::Problem;
use serde::{Deserialize, Serialize};
use shop_kernel::Money;
use utoipa::ToSchema;

use super::api_key::FromShop;
use super::{SlowFor, admit};
use crate::bank::{BankError, Charge, ChargeOrder, ChargeStatus};
use crate::desk::{Desk, DeskError};
use crate::mode::Switch;

/// A charge to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChargeBody {
    /// The card's token.
    token: String,
    /// How much.
    #[schema(value_type = Object)]
    amount: Money,
    /// What it is for, in the shop's words.
    reference: String,
}

/// A charge and its answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChargeAnswer {
    /// The idempotency key it was made under.
    key: String,
    /// What became of it.
    status: ChargeStatus,
    /// How much.
    #[schema(value_type = Object)]
    amount: Money,
    /// How much of it was given back.
    #[schema(value_type = Object)]
    refunded: Money,
    /// What it is for.
    reference: String,
}

impl From<Charge> for ChargeAnswer {
    fn from(charge: Charge) -> Self {
        Self {
            refunded: Money::new(charge.refunded, charge.amount.currency),
            key: charge.key,
            status: charge.status,
            amount: charge.amount,
            reference: charge.reference,
        }
    }
}

/// Takes money, once per idempotency key.
#[utoipa::path(
    tag = "provider",
    request_body = ChargeBody,
    params(("Idempotency-Key" = String, Header, description = "names the charge for ever")),
    security(("bearer" = [])),
    responses(
        (status = 200, body = ChargeAnswer, description = "approved or refused: see status"),
        (status = 401, body = Problem, description = "not the shop's key"),
        (status = 409, body = Problem, description = "the key was used for another charge"),
        (status = 422, body = Problem, description = "no such token"),
        (status = 503, body = Problem, description = "switched off"),
    )
)]
#[post("/v1/charges")]
pub(super) async fn take_charge(
    _: FromShop,
    key: super::key::Key,
    desk: web::Data<Desk>,
    switch: web::Data<Switch>,
    slow: web::Data<SlowFor>,
    body: Json<ChargeBody>,
) -> Result<Json<ChargeAnswer>, Problem> {
    admit(&switch, **slow).await?;
    let ChargeBody { token, amount, reference } = body.into_inner();
    let order = ChargeOrder { key: key.0, token, amount, reference };
    let (charge, is_slow) = desk.charge(order)?;
    if is_slow {
        // The money has moved; only the answer takes its time. A repetition is answered at once.
        tokio::time::sleep(slow.0).await;
    }
    Ok(Json(charge.into()))
}

/// What became of a charge.
#[utoipa::path(
    tag = "provider",
    params(("key" = String, Path, description = "the idempotency key it was made under")),
    security(("bearer" = [])),
    responses(
        (status = 200, body = ChargeAnswer),
        (status = 401, body = Problem, description = "not the shop's key"),
        (status = 404, body = Problem, description = "no such charge"),
    )
)]
#[get("/v1/charges/{key}")]
pub(super) async fn read_charge(
    _: FromShop,
    desk: web::Data<Desk>,
    key: web::Path<String>,
) -> Result<Json<ChargeAnswer>, Problem> {
    let charge = desk.find_charge(&key).ok_or(DeskError::Bank(BankError::UnknownCharge))?;
    Ok(Json(charge.into()))
}
