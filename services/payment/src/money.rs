//! What is told of money that moved, once the fact of it is published: a line in the audit log, and
//! the metrics.

use chassis::trace;
use shop_contracts::payment::{
    MethodSummary, PaymentFailed, PaymentProcessed, PaymentRefunded, RefundParked,
};
use shop_contracts::{DecodeError, Message as _, RawEnvelope};
use shop_kernel::Money;

use crate::SERVICE;

/// What became of a charge or a refund.
struct Movement {
    action: &'static str,
    outcome: &'static str,
    amount: Money,
    /// What it was charged to or went back to; unknown where no money moved.
    method: Option<&'static str>,
    /// Why no money moved.
    reason: Option<String>,
}

/// Begins every count at zero, so that the first of a kind is seen as a rise.
pub(crate) fn begin() {
    for (action, outcome) in
        [("charge", "charged"), ("charge", "failed"), ("refund", "refunded"), ("refund", "parked")]
    {
        count(action, outcome, 0);
    }
}

/// Tells what a published fact says of money.
pub(crate) fn tell(message: &RawEnvelope) {
    match movement(message) {
        Ok(None) => {}
        Ok(Some(movement)) => {
            count(movement.action, movement.outcome, 1);
            audit(message, &movement);
        }
        Err(error) => tracing::error!(%error, "a fact of ours cannot be read"),
    }
}

fn movement(message: &RawEnvelope) -> Result<Option<Movement>, DecodeError> {
    let movement = match message.kind.as_str() {
        PaymentProcessed::TYPE => {
            let PaymentProcessed { amount, method, .. } = message.decode()?.data;
            let method = Some(name(&method));
            Movement { action: "charge", outcome: "charged", amount, method, reason: None }
        }
        PaymentFailed::TYPE => {
            let PaymentFailed { amount, reason, .. } = message.decode()?.data;
            let reason = Some(reason.to_string());
            Movement { action: "charge", outcome: "failed", amount, method: None, reason }
        }
        PaymentRefunded::TYPE => {
            let PaymentRefunded { amount, method, .. } = message.decode()?.data;
            let method = Some(name(&method));
            Movement { action: "refund", outcome: "refunded", amount, method, reason: None }
        }
        RefundParked::TYPE => {
            let RefundParked { amount, reason, .. } = message.decode()?.data;
            let reason = Some(reason);
            Movement { action: "refund", outcome: "parked", amount, method: None, reason }
        }
        _ => return Ok(None),
    };
    Ok(Some(movement))
}

fn audit(message: &RawEnvelope, movement: &Movement) {
    let Movement { action, outcome, amount, method, reason } = movement;
    // In the trace of the order, whose money it is.
    let span = tracing::info_span!(
        "audit",
        service = SERVICE.name,
        order.id = message.correlation_id.map(tracing::field::display),
        message.id = %message.id,
    );
    trace::set_parent(&span, message.traceparent.as_deref());
    let _entered = span.entered();
    tracing::info!(
        target: "audit",
        action,
        by = "payment",
        subject = message.subject,
        outcome,
        %amount,
        method,
        reason,
        "money",
    );
}

fn count(action: &'static str, outcome: &'static str, by: u64) {
    let labels = [("service", SERVICE.name), ("outcome", outcome)];
    if action == "charge" {
        metrics::counter!("payment_charges_total", &labels).increment(by);
    } else {
        metrics::counter!("payment_refunds_total", &labels).increment(by);
    }
}

fn name(method: &MethodSummary) -> &'static str {
    match method {
        MethodSummary::Card { .. } => "card",
        MethodSummary::StoreCredit => "store-credit",
    }
}
