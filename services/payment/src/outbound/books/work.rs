//! The due work a state waits for, and the lease a state ends.

use chassis_messaging::due;
use chrono::{DateTime, Utc};
use payment_core::domain::{Payment, Record, State, Work};
use payment_core::ports::Change;
use serde_json::json;
use uuid::Uuid;

/// Charges with the provider or on store credit.
pub(crate) const CHARGE: &str = "payment.charge";
/// Refunds, likewise.
pub(crate) const REFUND: &str = "payment.refund";

/// The payment whose change makes work due that was not due before, and which.
pub(super) fn that_became_due(change: &Change) -> Option<(&Payment, Work)> {
    let after = change.record.as_ref().and_then(Record::payment)?;
    let before = change.read.as_ref().and_then(|read| read.value.payment());
    let work = after.state().work()?;
    let was_due = before.and_then(|payment| payment.state().work()) == Some(work);
    (!was_due).then_some((after, work))
}

/// A row for it. Its id is the payment's or the refund's, so it is written once.
pub(super) fn row(
    payment: &Payment,
    work: Work,
    cause: Option<Uuid>,
    now: DateTime<Utc>,
) -> due::NewWork {
    due::NewWork {
        id: id(payment, work),
        kind: kind(work),
        subject: payment.id().to_string(),
        order: Some(payment.bill().order),
        traceparent: None,
        payload: json!({ "causation": cause }),
        due_at: now,
    }
}

/// The message that led to a piece of work.
pub(super) fn cause(work: &due::Model) -> Option<Uuid> {
    serde_json::from_value(work.payload.get("causation")?.clone()).ok()
}

/// What becomes of leased work by a change.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The state still waits for it.
    None,
    /// There is nothing more to do.
    Done,
    /// An operator must see to it.
    Parked(String),
}

pub(super) fn end(change: &Change, leased: &due::Model) -> End {
    let read = change.read.as_ref().map(|read| &read.value);
    let Some(payment) = change.record.as_ref().or(read).and_then(Record::payment) else {
        return End::Done;
    };
    let waits_for = payment.state().work().map(|work| id(payment, work));
    match payment.state() {
        _ if waits_for == Some(leased.id) => End::None,
        State::RefundParked { reason, .. } if leased.kind == REFUND => End::Parked(reason.clone()),
        _ => End::Done,
    }
}

fn id(payment: &Payment, work: Work) -> Uuid {
    match work {
        Work::Charge => payment.id().uuid(),
        Work::Refund => payment.refund_id().uuid(),
    }
}

fn kind(work: Work) -> &'static str {
    match work {
        Work::Charge => CHARGE,
        Work::Refund => REFUND,
    }
}
