//! What a row of `payments` means, and the row a record becomes.

use chrono::{DateTime, Utc};
use payment_core::domain::{
    Bill, CardToken, Charge, Payment, Record, State, payment_of, refund_of,
};
use sea_orm::ActiveValue::{NotSet, Set};
use shop_contracts::order::PaymentMethod;
use shop_contracts::payment::{FailureReason, MethodSummary};
use shop_kernel::{Currency, CustomerId, Money, OrderId, PaymentMethodId};

use super::payment::{ActiveModel, MethodKind, Model, Status};

/// A row that this service cannot have written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the row of payment {payment} makes no sense: no valid {column}")]
pub(crate) struct CorruptRow {
    payment: uuid::Uuid,
    column: &'static str,
}

/// Reads a row.
pub(crate) fn record(row: &Model) -> Result<Record, CorruptRow> {
    let (order, customer) =
        (OrderId::from_uuid(row.order_id), CustomerId::from_uuid(row.customer_id));
    if row.status == Status::Tombstone {
        return Ok(Record::Tombstone { order, customer });
    }
    let bill = Bill {
        order,
        customer,
        amount: amount(row)?,
        method: method(row)?,
        expires_at: row.expires_at.ok_or_else(|| row.without("expires_at"))?,
    };
    Ok(Record::Payment(Payment::stored(bill, state(row)?, row.version.unsigned_abs())))
}

fn state(row: &Model) -> Result<State, CorruptRow> {
    Ok(match row.status {
        Status::Tombstone | Status::Withdrawn => State::Withdrawn,
        Status::Due => State::Due,
        Status::Charging => State::Charging {
            token: CardToken::new(row.token.clone().ok_or_else(|| row.without("token"))?),
            method: summary(row)?,
            cancelled: row.is_cancelled,
        },
        Status::Failed => State::Failed { reason: failure(row)?, at: ended_at(row)? },
        Status::Charged => State::Charged(charge(row)?),
        Status::RefundDue => State::RefundDue {
            charge: charge(row)?,
            refusals: row.refusals.unsigned_abs(),
            parked_before: row.was_parked,
        },
        Status::RefundParked => State::RefundParked {
            charge: charge(row)?,
            refusals: row.refusals.unsigned_abs(),
            reason: row.park_reason.clone().ok_or_else(|| row.without("park_reason"))?,
            at: ended_at(row)?,
        },
        Status::Refunded => State::Refunded { charge: charge(row)?, at: ended_at(row)? },
    })
}

fn amount(row: &Model) -> Result<Money, CorruptRow> {
    let currency = row.currency.as_deref().and_then(|code| code.parse::<Currency>().ok());
    let amount =
        row.amount_minor.zip(currency).map(|(minor, currency)| Money::new(minor, currency));
    amount.ok_or_else(|| row.without("amount"))
}

fn method(row: &Model) -> Result<PaymentMethod, CorruptRow> {
    match (row.method_kind, row.method_id) {
        (Some(MethodKind::Card), Some(id)) => {
            Ok(PaymentMethod::Card(PaymentMethodId::from_uuid(id)))
        }
        (Some(MethodKind::StoreCredit), _) => Ok(PaymentMethod::StoreCredit),
        (Some(MethodKind::Card) | None, _) => Err(row.without("method")),
    }
}

fn summary(row: &Model) -> Result<MethodSummary, CorruptRow> {
    if row.method_kind == Some(MethodKind::StoreCredit) {
        return Ok(MethodSummary::StoreCredit);
    }
    let card = row.brand.clone().zip(row.last4.clone());
    let (brand, last4) = card.ok_or_else(|| row.without("brand"))?;
    Ok(MethodSummary::Card { brand, last4 })
}

fn charge(row: &Model) -> Result<Charge, CorruptRow> {
    let at = row.charged_at.ok_or_else(|| row.without("charged_at"))?;
    Ok(Charge { method: summary(row)?, at })
}

fn ended_at(row: &Model) -> Result<DateTime<Utc>, CorruptRow> {
    row.ended_at.ok_or_else(|| row.without("ended_at"))
}

fn failure(row: &Model) -> Result<FailureReason, CorruptRow> {
    let all = [
        FailureReason::Declined,
        FailureReason::InsufficientFunds,
        FailureReason::CreditLimitExceeded,
        FailureReason::MethodNotYours,
        FailureReason::Expired,
    ];
    let written = row.failure.as_deref();
    let found = all.into_iter().find(|reason| Some(reason.to_string().as_str()) == written);
    found.ok_or_else(|| row.without("failure"))
}

impl Model {
    fn without(&self, column: &'static str) -> CorruptRow {
        CorruptRow { payment: self.id, column }
    }
}

/// Writes a record as a row of that revision.
pub(crate) fn row(record: &Record, revision: i64, now: DateTime<Utc>) -> ActiveModel {
    let (order, customer) = (record.order(), record.customer());
    let id = payment_of(order);
    let row = ActiveModel {
        id: Set(id.uuid()),
        order_id: Set(order.uuid()),
        customer_id: Set(customer.uuid()),
        refund_id: Set(refund_of(id).uuid()),
        status: Set(Status::Tombstone),
        version: Set(0),
        revision: Set(revision),
        // An update leaves alone when the first of its messages came.
        created_at: if revision == 1 { Set(now) } else { NotSet },
        ..ActiveModel::default()
    };
    match record {
        Record::Tombstone { .. } => row,
        Record::Payment(payment) => with_state(with_bill(row, payment), payment.state()),
    }
}

fn with_bill(row: ActiveModel, payment: &Payment) -> ActiveModel {
    let bill = payment.bill();
    let (kind, method) = match bill.method {
        PaymentMethod::Card(id) => (MethodKind::Card, Some(id.uuid())),
        PaymentMethod::StoreCredit => (MethodKind::StoreCredit, None),
    };
    ActiveModel {
        amount_minor: Set(Some(bill.amount.minor)),
        currency: Set(Some(bill.amount.currency.code().to_owned())),
        method_kind: Set(Some(kind)),
        method_id: Set(method),
        expires_at: Set(Some(bill.expires_at)),
        version: Set(i64::try_from(payment.version()).unwrap_or(i64::MAX)),
        ..row
    }
}

fn with_state(mut row: ActiveModel, state: &State) -> ActiveModel {
    if let Some(charge) = state.charge() {
        row = with_method(row, &charge.method);
        row.charged_at = Set(Some(charge.at));
    }
    match state {
        State::Due => row.status = Set(Status::Due),
        State::Withdrawn => row.status = Set(Status::Withdrawn),
        State::Charged(_) => row.status = Set(Status::Charged),
        State::Charging { token, method, cancelled } => {
            row = with_method(row, method);
            row.status = Set(Status::Charging);
            row.token = Set(Some(token.as_str().to_owned()));
            row.is_cancelled = Set(*cancelled);
        }
        State::Failed { reason, at } => {
            row.status = Set(Status::Failed);
            row.failure = Set(Some(reason.to_string()));
            row.ended_at = Set(Some(*at));
        }
        State::RefundDue { refusals, parked_before, .. } => {
            row.status = Set(Status::RefundDue);
            row.refusals = Set(count(*refusals));
            row.was_parked = Set(*parked_before);
        }
        State::RefundParked { refusals, reason, at, .. } => {
            row.status = Set(Status::RefundParked);
            row.refusals = Set(count(*refusals));
            row.was_parked = Set(true);
            row.park_reason = Set(Some(reason.clone()));
            row.ended_at = Set(Some(*at));
        }
        State::Refunded { at, .. } => {
            row.status = Set(Status::Refunded);
            row.ended_at = Set(Some(*at));
        }
    }
    row
}

fn with_method(mut row: ActiveModel, method: &MethodSummary) -> ActiveModel {
    if let MethodSummary::Card { brand, last4 } = method {
        row.brand = Set(Some(brand.clone()));
        row.last4 = Set(Some(last4.clone()));
    }
    row
}

fn count(refusals: u32) -> i32 {
    i32::try_from(refusals).unwrap_or(i32::MAX)
}
