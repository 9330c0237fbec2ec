//! What others learn about a payment: the only bridge from its events to published messages.

use chrono::{DateTime, Utc};
use shop_contracts::payment::{PaymentFailed, PaymentProcessed, PaymentRefunded, RefundParked};
use shop_contracts::{Envelope, Message, RawEnvelope};

use crate::domain::{Payment, PaymentEvent};

/// The `source` of everything this service says.
pub const SOURCE: &str = "/payment";

/// The message that tells others of the latest event of a payment.
///
/// # Errors
/// When the message has no JSON form, which none of them lacks.
pub fn announce(payment: &Payment, event: PaymentEvent) -> Result<RawEnvelope, serde_json::Error> {
    let bill = payment.bill();
    let (id, order, customer, amount) = (payment.id(), bill.order, bill.customer, bill.amount);
    match event {
        PaymentEvent::Charged { method, at } => {
            let processed_at = at;
            let data =
                PaymentProcessed { payment: id, order, customer, amount, method, processed_at };
            envelope(payment, at, data)
        }
        PaymentEvent::Failed { reason, at } => {
            let failed_at = at;
            let data = PaymentFailed { payment: id, order, customer, amount, reason, failed_at };
            envelope(payment, at, data)
        }
        PaymentEvent::Refunded { method, at } => {
            let (refund, refunded_at) = (payment.refund_id(), at);
            let data = PaymentRefunded {
                payment: id,
                refund,
                order,
                customer,
                amount,
                method,
                refunded_at,
            };
            envelope(payment, at, data)
        }
        PaymentEvent::RefundParked { reason, at } => {
            let (refund, parked_at) = (payment.refund_id(), at);
            let data =
                RefundParked { payment: id, refund, order, customer, amount, reason, parked_at };
            envelope(payment, at, data)
        }
    }
}

fn envelope<T: Message>(
    payment: &Payment,
    at: DateTime<Utc>,
    data: T,
) -> Result<RawEnvelope, serde_json::Error> {
    Envelope::new(SOURCE, payment.id(), payment.version(), at, data)
        .correlated(payment.bill().order)
        .into_raw()
}

#[cfg(test)]
mod tests;
