//! What others learn about us: the one bridge from our events to published messages.

use shop_contracts::order::{OrderCancelled, OrderConfirmed, OrderPlaced, PricedLine};
use shop_contracts::{Envelope, RawEnvelope};

use crate::domain::lines::Lines;
use crate::domain::order::Order;
use crate::domain::order_event::{OrderEvent, Placed};
use crate::ports::Cause;

/// The name under which we publish.
pub const SOURCE: &str = "/order";

/// The message that tells others of an event of this order; `None` where it is ours alone.
///
/// # Errors
/// When the message has no JSON form; one made of maps, numbers and texts always has.
pub fn announce(
    order: &Order,
    version: u64,
    event: &OrderEvent,
    cause: &Cause,
) -> Result<Option<RawEnvelope>, serde_json::Error> {
    use OrderEvent as E;
    let (id, customer) = (order.id(), order.customer());
    let message = match event {
        E::Placed(placed) => {
            let at = placed.placed_at;
            Envelope::new(SOURCE, id, version, at, order_placed(placed)).into_raw()?
        }
        E::Confirmed { at, cancellable_until } => {
            let confirmed = OrderConfirmed {
                order: id,
                customer,
                total: order.total(),
                confirmed_at: *at,
                cancellable_until: *cancellable_until,
            };
            Envelope::new(SOURCE, id, version, *at, confirmed).into_raw()?
        }
        E::Cancelled { reason, was_confirmed, at } => {
            let cancelled = OrderCancelled {
                order: id,
                customer,
                reason: *reason,
                was_confirmed: *was_confirmed,
                cancelled_at: *at,
            };
            Envelope::new(SOURCE, id, version, *at, cancelled).into_raw()?
        }
        E::PaymentProcessed { .. }
        | E::PaymentFailed { .. }
        | E::StockReserved { .. }
        | E::StockRejected { .. } => return Ok(None),
    };
    let message = message.correlated(id).caused_by(cause.message).traced(cause.traceparent.clone());
    Ok(Some(message))
}

fn order_placed(placed: &Placed) -> OrderPlaced {
    OrderPlaced {
        order: placed.order,
        customer: placed.customer,
        contact: placed.contact.clone(),
        locale: placed.locale,
        lines: priced(&placed.lines),
        total: placed.lines.total(),
        payment_method: placed.payment_method,
        placed_at: placed.placed_at,
        expires_at: placed.expires_at,
        replaces: placed.replaces,
    }
}

fn priced(lines: &Lines) -> Vec<PricedLine> {
    lines
        .iter()
        .map(|line| PricedLine {
            product: line.product,
            name: line.name.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            total: line.total(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
