//! Refunds the provider refuses, for operators.

use actix_web::web::{self, Json};
use actix_web::{HttpResponse, get, post};
use chassis::Problem;
use chassis::auth::Operator;
use payment_core::app::Payments;
use serde::Serialize;
use shop_kernel::RefundId;
use utoipa::ToSchema;

use super::payments::PaymentBody;
use super::{code, problem};
use crate::outbound::books::Store;
use crate::outbound::reports::Reports;

/// More than an operator reads; whoever has more settles some first.
const MOST: u64 = 500;

/// Payments with a parked refund.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ParkedRefunds {
    items: Vec<PaymentBody>,
}

/// Lists payments whose refund the provider refuses.
#[utoipa::path(
    tag = "operations",
    security(("bearer" = [])),
    responses(
        (status = 200, body = ParkedRefunds),
        (status = 401, body = Problem), (status = 403, body = Problem),
    )
)]
#[get("/ops/refunds/parked")]
pub(super) async fn list_parked_refunds(
    _: Operator,
    reports: web::Data<Reports>,
) -> Result<Json<ParkedRefunds>, Problem> {
    let parked = reports.parked(MOST).await?;
    Ok(Json(ParkedRefunds { items: parked.iter().map(PaymentBody::from).collect() }))
}

/// Has a parked refund tried once more.
#[utoipa::path(
    tag = "operations",
    params(("refund" = String, Path, description = "as `ref_…`")),
    security(("bearer" = [])),
    responses(
        (status = 202, description = "it is due again; look at the payment for the outcome"),
        (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem, description = "no such refund"),
        (status = 409, body = Problem, description = "it is not parked"),
    )
)]
#[post("/ops/refunds/{refund}/retry")]
pub(super) async fn retry_refund(
    _: Operator,
    payments: web::Data<Payments>,
    store: web::Data<Store>,
    reports: web::Data<Reports>,
    refund: web::Path<RefundId>,
) -> Result<HttpResponse, Problem> {
    let payment = reports.of_refund(*refund).await?;
    let payment = payment
        .ok_or_else(|| Problem::not_found(code::REFUND_UNKNOWN, "there is no such refund"))?;
    payments.retry_refund(&store.for_operator(), payment).await.map_err(problem::of_retry)?;
    chassis::audit::detail("payment", payment.to_string());
    Ok(HttpResponse::Accepted().finish())
}
