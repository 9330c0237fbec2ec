//! What the metrics say of orders, told once a change is committed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use order_core::ports::Change;
use shop_contracts::order::{CancelReason, OrderCancelled, OrderConfirmed, OrderPlaced};
use shop_contracts::{Message as _, RawEnvelope};
use shop_kernel::OrderId;

const SERVICE: &str = "order";

/// An outcome, and why, where it is a cancellation.
type Outcome = (&'static str, &'static str);

const PLACED: Outcome = ("placed", "");
const CONFIRMED: Outcome = ("confirmed", "");
const CANCELLED: &str = "cancelled";

/// Begins every count at zero, so that the first of a kind is seen as a rise.
pub(crate) fn begin() {
    let reasons = [
        CancelReason::PaymentFailed,
        CancelReason::OutOfStock,
        CancelReason::TimedOut,
        CancelReason::ByCustomer,
    ];
    let cancelled = reasons.map(|reason| (CANCELLED, name(reason)));
    for outcome in [PLACED, CONFIRMED].into_iter().chain(cancelled) {
        count(outcome, 0);
    }
    for outcome in [CONFIRMED.0, CANCELLED] {
        // Made known; nothing is recorded yet.
        drop(saga(outcome));
    }
}

/// Counts what a committed change did to orders.
pub(super) fn tell(change: &Change) {
    for message in &change.messages {
        match message.kind.as_str() {
            OrderPlaced::TYPE => count(PLACED, 1),
            OrderConfirmed::TYPE => {
                count(CONFIRMED, 1);
                decided(message, CONFIRMED.0, change.at);
            }
            OrderCancelled::TYPE => {
                let Ok(cancelled) = message.decode::<OrderCancelled>() else { continue };
                count((CANCELLED, name(cancelled.data.reason)), 1);
                // A customer's second thoughts are no part of the saga.
                if !cancelled.data.was_confirmed {
                    decided(message, CANCELLED, change.at);
                }
            }
            _ => {}
        }
    }
}

fn decided(message: &RawEnvelope, outcome: &'static str, at: DateTime<Utc>) {
    let placed_at = message.correlation_id.and_then(placed_at);
    let took = placed_at.and_then(|placed_at| (at - placed_at).to_std().ok());
    if let Some(took) = took {
        saga(outcome).record(took);
    }
}

/// An order's id begins with the time of its birth.
fn placed_at(order: OrderId) -> Option<DateTime<Utc>> {
    let (seconds, nanos) = order.uuid().get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}

fn saga(outcome: &'static str) -> metrics::Histogram {
    metrics::histogram!("order_saga_duration_seconds", "service" => SERVICE, "outcome" => outcome)
}

fn count((outcome, reason): Outcome, by: u64) {
    metrics::counter!(
        "shop_orders_total", "service" => SERVICE, "outcome" => outcome, "reason" => reason,
    )
    .increment(by);
}

const fn name(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::PaymentFailed => "payment-failed",
        CancelReason::OutOfStock => "out-of-stock",
        CancelReason::TimedOut => "timed-out",
        CancelReason::ByCustomer => "by-customer",
    }
}

/// Sets the figures of orders that wait for a decision.
pub(crate) fn undecided(count: u64, oldest_placed_at: Option<DateTime<Utc>>, now: DateTime<Utc>) {
    let age = oldest_placed_at.and_then(|at| (now - at).to_std().ok()).unwrap_or(Duration::ZERO);
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    metrics::gauge!("orders_undecided", "service" => SERVICE).set(count);
    metrics::gauge!("orders_undecided_oldest_age_seconds", "service" => SERVICE).set(age);
}
