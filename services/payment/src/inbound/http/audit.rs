//! Every payment in figures, for the audit of the whole shop.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::{self, Json, Query};
use chassis::Problem;
use chassis::auth::ServiceOrOperator;
use payment_core::domain::{Payment, Record, State, payment_of};
use serde::{Deserialize, Serialize};
use shop_kernel::{Currency, OrderId, PaymentId};
use utoipa::{IntoParams, ToSchema};

use super::payments::state_of;
use crate::outbound::reports::{Reports, Sum};

/// The most payments one page holds.
const MAX_PAGE: u64 = 1_000;

#[derive(Debug, Deserialize, IntoParams)]
struct Stretch {
    /// The `next` of the page before
    #[param(value_type = Option<String>)]
    after: Option<PaymentId>,
    /// At most so many payments, up to 1000
    #[serde(default = "max_page")]
    limit: u64,
}

fn max_page() -> u64 {
    MAX_PAGE
}

/// Payments in the order of their ids, and the sums over all of them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Audit {
    items: Vec<AuditedPayment>,
    /// Where to go on; absent on the last page.
    #[schema(value_type = Option<String>)]
    next: Option<PaymentId>,
    /// Over all payments, per currency; not only over this page.
    #[schema(value_type = Object)]
    sums: BTreeMap<Currency, AuditedSum>,
    /// How many payments there are, tombstones included.
    payments: i64,
}

/// One payment, in minor units.
#[derive(Debug, Serialize, ToSchema)]
struct AuditedPayment {
    #[schema(value_type = String)]
    payment: PaymentId,
    #[schema(value_type = String)]
    order: OrderId,
    state: &'static str,
    /// Absent where only a cancellation is known.
    #[schema(value_type = Option<String>)]
    currency: Option<Currency>,
    /// `card` or `store-credit`: only cards are in the provider's ledger.
    method: Option<&'static str>,
    charged: i64,
    refunded: i64,
    /// What a parked refund owes the customer.
    parked: i64,
}

/// Sums in minor units.
#[derive(Debug, Default, Serialize, ToSchema)]
struct AuditedSum {
    charged: i64,
    refunded: i64,
    parked: i64,
}

/// Shows every payment in figures, with sums over all.
#[utoipa::path(
    tag = "operations",
    params(Stretch),
    security(("bearer" = [])),
    responses(
        (status = 200, body = Audit),
        (status = 401, body = Problem), (status = 403, body = Problem),
    )
)]
#[get("/ops/audit")]
pub(super) async fn read_audit(
    _: ServiceOrOperator,
    reports: web::Data<Reports>,
    stretch: Query<Stretch>,
) -> Result<Json<Audit>, Problem> {
    let limit = stretch.limit.clamp(1, MAX_PAGE);
    // One more than asked for tells whether there is more.
    let mut records = reports.page(stretch.after, limit + 1).await?;
    let has_more = records.len() as u64 > limit;
    records.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let items: Vec<_> = records.iter().map(AuditedPayment::from).collect();
    let next = items.last().filter(|_| has_more).map(|last| last.payment);
    let by_state = reports.sums().await?;
    let payments = by_state.iter().map(|sum| sum.payments).sum();
    Ok(Json(Audit { items, next, sums: sums(&by_state), payments }))
}

impl From<&Record> for AuditedPayment {
    fn from(record: &Record) -> Self {
        let payment = record.payment();
        let amount = payment.map(|payment| payment.bill().amount);
        let state = payment.map(Payment::state);
        let minor = amount.map_or(0, |amount| amount.minor);
        let when = |it_is: bool| if it_is { minor } else { 0 };
        Self {
            payment: payment_of(record.order()),
            order: record.order(),
            state: state_of(record),
            currency: amount.map(|amount| amount.currency),
            method: payment.map(|payment| match payment.bill().method {
                shop_contracts::order::PaymentMethod::Card(_) => "card",
                shop_contracts::order::PaymentMethod::StoreCredit => "store-credit",
            }),
            charged: when(state.is_some_and(|state| state.charge().is_some())),
            refunded: when(matches!(state, Some(State::Refunded { .. }))),
            parked: when(matches!(state, Some(State::RefundParked { .. }))),
        }
    }
}

fn sums(by_state: &[Sum]) -> BTreeMap<Currency, AuditedSum> {
    let mut sums = BTreeMap::<Currency, AuditedSum>::new();
    for sum in by_state {
        let Some(currency) = sum.currency() else { continue };
        let minor = sum.amount_minor.unwrap_or_default();
        let total = sums.entry(currency).or_default();
        if sum.was_charged() {
            total.charged = total.charged.saturating_add(minor);
        }
        if sum.was_refunded() {
            total.refunded = total.refunded.saturating_add(minor);
        }
        if sum.is_parked() {
            total.parked = total.parked.saturating_add(minor);
        }
    }
    sums
}
