//! An order as `order` and `payment` tell it together: what the read model would show of it.

use std::collections::HashMap;

use shop_kernel::ProductId;

use super::{MoneyPart, Movement, OrderLine, OrderScreen, Status, Step, shopper_status};
use crate::http::taste::Taste;
use crate::upstream::catalog::Product;
use crate::upstream::order::{Entry, Order};
use crate::upstream::payment::{self, Payment};

impl OrderScreen {
    pub(super) fn from_order(
        order: Order,
        money: Option<MoneyPart>,
        products: &HashMap<ProductId, Product>,
        taste: Taste,
        degraded: bool,
    ) -> Self {
        let line = |line| OrderLine::of(line, products, taste);
        let is_cancelled = order.status == Status::Cancelled.name();
        let mut steps: Vec<_> = order.timeline.into_iter().map(Step::from).collect();
        let movements = money.iter().flat_map(|money| &money.movements);
        steps.extend(movements.filter_map(given_back));
        Self {
            id: order.id,
            status: shopper_status(order.status),
            reason: order.reason,
            total: order.total,
            lines: order.lines.into_iter().map(line).collect(),
            ship_to: order.contact.into(),
            money,
            stock: stock(&order.stock.state, is_cancelled).to_owned(),
            steps,
            placed_at: order.placed_at,
            cancellable_until: order.cancellable_until,
            replaces: order.replaces,
            degraded,
        }
    }
}

/// Refunds come after `order` has decided, so it is not told of them.
fn given_back(movement: &Movement) -> Option<Step> {
    let kind = match movement.kind.as_str() {
        "refund" => "payment-refunded",
        "refund-parked" => "payment-refund-parked",
        _ => return None,
    };
    Some(Step { kind: kind.to_owned(), at: movement.at? })
}

/// What the catalog holds, from what `order` heard of it.
fn stock(heard: &str, is_cancelled: bool) -> &'static str {
    match heard {
        "rejected" => "rejected",
        "reserved" if is_cancelled => "released",
        "reserved" => "held",
        _ => "pending",
    }
}

impl MoneyPart {
    /// Nothing has moved yet.
    pub(super) fn pending() -> Self {
        Self { state: "pending".to_owned(), movements: Vec::new() }
    }
}

impl From<Payment> for MoneyPart {
    fn from(payment: Payment) -> Self {
        let state = state(&payment.state).to_owned();
        let mut movements: Vec<_> = payment.movements.into_iter().map(Movement::from).collect();
        let refused = |kind: &str, reason, at| {
            let kind = kind.to_owned();
            payment.amount.map(|amount| Movement { kind, amount, reason: Some(reason), at })
        };
        // Told without a time: that is in the event alone.
        movements.extend(payment.failure.and_then(|reason| refused("charge-failed", reason, None)));
        movements.extend(
            payment
                .parked
                .and_then(|parked| refused("refund-parked", parked.reason, Some(parked.at))),
        );
        Self { state, movements }
    }
}

/// Where the money is, from how far the payment is.
fn state(payment: &str) -> &'static str {
    match payment {
        // Until it is given back it is with the shop.
        "charged" | "refund-due" => "charged",
        // Taken back before it was tried: there was no charge and will be none.
        "failed" | "withdrawn" => "failed",
        "refunded" => "refunded",
        "refund-parked" => "refund-parked",
        _ => "pending",
    }
}

impl From<payment::Movement> for Movement {
    fn from(movement: payment::Movement) -> Self {
        let payment::Movement { kind, amount, at } = movement;
        Self { kind, amount, reason: None, at: Some(at) }
    }
}

impl From<Entry> for Step {
    fn from(entry: Entry) -> Self {
        Self { kind: entry.kind, at: entry.at }
    }
}
