//! The payment of an order, and how its money moved.

use actix_web::get;
use actix_web::web::{self, Json};
use chassis::Problem;
use chassis::auth::Reader;
use chrono::{DateTime, Utc};
use payment_core::domain::{Payment, Record, State, payment_of};
use serde::Serialize;
use shop_contracts::payment::{FailureReason, MethodSummary};
use shop_kernel::{CustomerId, Money, OrderId, PaymentId, RefundId};
use utoipa::ToSchema;

use super::code;
use crate::outbound::reports::Reports;

/// A payment as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub(super) struct PaymentBody {
    #[schema(value_type = String)]
    payment: PaymentId,
    #[schema(value_type = String)]
    order: OrderId,
    #[schema(value_type = String)]
    customer: CustomerId,
    /// Where it stands.
    state: &'static str,
    /// What is to be paid; absent while only a cancellation is known.
    #[schema(value_type = Option<Object>)]
    amount: Option<Money>,
    /// What was, or is being, charged; absent before.
    #[schema(value_type = Option<Object>)]
    method: Option<MethodSummary>,
    /// Why there was no charge.
    #[schema(value_type = Option<String>)]
    failure: Option<FailureReason>,
    /// Every move of money, oldest first.
    movements: Vec<Movement>,
    /// The refund the provider refuses, which an operator looks after.
    parked: Option<Parked>,
}

/// Money that moved.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Movement {
    /// `charge` or `refund`.
    kind: &'static str,
    #[schema(value_type = Object)]
    amount: Money,
    at: DateTime<Utc>,
}

/// A refund the provider refuses.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ParkedRefund)]
pub(super) struct Parked {
    #[schema(value_type = String)]
    refund: RefundId,
    /// What the provider said.
    reason: String,
    at: DateTime<Utc>,
}

/// Where a payment stands, in one word.
pub(super) fn state_of(record: &Record) -> &'static str {
    match record.payment().map(Payment::state) {
        None | Some(State::Withdrawn) => "withdrawn",
        Some(State::Due) => "due",
        Some(State::Charging { .. }) => "charging",
        Some(State::Failed { .. }) => "failed",
        Some(State::Charged(_)) => "charged",
        Some(State::RefundDue { .. }) => "refund-due",
        Some(State::RefundParked { .. }) => "refund-parked",
        Some(State::Refunded { .. }) => "refunded",
    }
}

impl From<&Record> for PaymentBody {
    fn from(record: &Record) -> Self {
        let mut body = Self {
            payment: payment_of(record.order()),
            order: record.order(),
            customer: record.customer(),
            state: state_of(record),
            amount: None,
            method: None,
            failure: None,
            movements: Vec::new(),
            parked: None,
        };
        let Some(payment) = record.payment() else {
            return body;
        };
        let amount = payment.bill().amount;
        body.amount = Some(amount);
        if let Some(charge) = payment.state().charge() {
            body.method = Some(charge.method.clone());
            body.movements.push(Movement { kind: "charge", amount, at: charge.at });
        }
        match payment.state() {
            State::Charging { method, .. } => body.method = Some(method.clone()),
            State::Failed { reason, .. } => body.failure = Some(*reason),
            State::Refunded { at, .. } => {
                body.movements.push(Movement { kind: "refund", amount, at: *at });
            }
            State::RefundParked { reason, at, .. } => {
                let (refund, reason) = (payment.refund_id(), reason.clone());
                body.parked = Some(Parked { refund, reason, at: *at });
            }
            State::Due | State::Withdrawn | State::Charged(_) | State::RefundDue { .. } => {}
        }
        body
    }
}

/// Shows the payment of an order to its owner.
#[utoipa::path(
    tag = "payments",
    params(("order" = String, Path, description = "as `ord_…`")),
    security(("bearer" = [])),
    responses(
        (status = 200, body = PaymentBody),
        (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem, description = "no payment, or another customer's"),
    )
)]
#[get("/payments/by-order/{order}")]
pub(super) async fn read_payment(
    reader: Reader,
    reports: web::Data<Reports>,
    order: web::Path<OrderId>,
) -> Result<Json<PaymentBody>, Problem> {
    let record = reports.of_order(*order).await?;
    let visible = record.filter(|record| match &reader {
        Reader::Customer(customer) => record.customer() == *customer,
        Reader::Trusted(_) => true,
    });
    match visible {
        Some(record) => Ok(Json(PaymentBody::from(&record))),
        None => Err(Problem::not_found(code::PAYMENT_UNKNOWN, "this order has no payment")),
    }
}
