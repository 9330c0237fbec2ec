//! An order without the read model: from `order`, who decides, and `payment`, who charges.

use super::{MoneyState, Movement, MovementKind, Order, OrderStatus, SagaEvent, StockState};
use crate::failure::Failure;
use crate::upstream::{OrderBody, Payment, Summary};

/// What the two services know together. Payment may be away, too: then `order`'s word on the
/// money stands, which knows charges but no refunds.
pub(crate) fn composed(
    body: OrderBody,
    payment: Result<Option<Payment>, Failure>,
    degraded: bool,
) -> Order {
    let missing = payment.is_err();
    let payment = payment.ok().flatten();
    let mut events = events(&body);
    let movements = payment.as_ref().map(|payment| movements(&body, payment));
    let movements = movements.unwrap_or_default();
    events.extend(movements.iter().filter_map(|moved| refunded(&body, moved)));
    events.sort_by_key(|event| event.at);
    Order {
        order: body.id,
        whole: true,
        status: body.status,
        reason: body.reason,
        total: body.total,
        lines: body.lines,
        ship_to: Some(body.contact),
        money_state: Some(match payment {
            Some(payment) => money_of(&payment.state),
            None => known_money(&body.payment.state),
        }),
        movements,
        stock_state: Some(stock_of(&body.stock.state, body.status)),
        short: body.stock.short,
        events,
        placed_at: body.placed_at,
        expires_at: Some(body.expires_at),
        confirmed_at: body.confirmed_at,
        cancelled_at: body.cancelled_at,
        cancellable_until: body.cancellable_until,
        replaces: body.replaces,
        degraded: degraded || missing,
    }
}

/// An entry of `order`'s own list, which knows neither lines nor money.
pub(super) fn listed(summary: Summary) -> Order {
    Order {
        order: summary.id,
        whole: false,
        status: summary.status,
        reason: summary.reason,
        total: summary.total,
        lines: Vec::new(),
        ship_to: None,
        money_state: None,
        movements: Vec::new(),
        stock_state: None,
        short: Vec::new(),
        events: Vec::new(),
        placed_at: summary.placed_at,
        expires_at: None,
        confirmed_at: None,
        cancelled_at: None,
        cancellable_until: None,
        replaces: None,
        degraded: true,
    }
}

/// Payment tells a failed charge without a time; `order` heard when it was.
fn movements(body: &OrderBody, payment: &Payment) -> Vec<Movement> {
    let failed = body.timeline.iter().filter(|entry| entry.kind == "payment-failed");
    let failed = failed.filter_map(|entry| {
        Some(Movement {
            kind: MovementKind::ChargeFailed,
            amount: payment.amount?,
            method: payment.method.clone(),
            reason: entry.reason.clone(),
            at: entry.at,
        })
    });
    let moved = payment.movements.iter().map(|moved| Movement {
        kind: if moved.kind == "refund" { MovementKind::Refund } else { MovementKind::Charge },
        amount: moved.amount,
        method: payment.method.clone(),
        reason: None,
        at: moved.at,
    });
    let parked = payment.parked.iter().filter_map(|parked| {
        Some(Movement {
            kind: MovementKind::RefundParked,
            amount: payment.amount?,
            method: payment.method.clone(),
            reason: Some(parked.reason.clone()),
            at: parked.at,
        })
    });
    failed.chain(moved).chain(parked).collect()
}

/// `order` keeps what the others told it under names of its own.
fn events(body: &OrderBody) -> Vec<SagaEvent> {
    let known = body.timeline.iter().filter_map(|entry| {
        let (kind, producer) = match entry.kind.as_str() {
            "placed" => ("order.placed.v1", "order"),
            "confirmed" => ("order.confirmed.v1", "order"),
            "cancelled" => ("order.cancelled.v1", "order"),
            "payment-processed" => ("payment.processed.v1", "payment"),
            "payment-failed" => ("payment.failed.v1", "payment"),
            "stock-reserved" => ("stock.reserved.v1", "catalog"),
            "stock-rejected" => ("stock.rejected.v1", "catalog"),
            _ => return None,
        };
        Some(SagaEvent {
            order: body.id,
            message_id: None,
            kind: kind.to_owned(),
            producer: producer.to_owned(),
            at: entry.at,
            reason: entry.reason.clone(),
            trace_id: None,
            causation_id: None,
        })
    });
    known.collect()
}

/// Refunds come after `order` has decided, so it is not told of them.
fn refunded(body: &OrderBody, moved: &Movement) -> Option<SagaEvent> {
    let kind = match moved.kind {
        MovementKind::Refund => "payment.refunded.v1",
        MovementKind::RefundParked => "payment.refund-parked.v1",
        MovementKind::Charge | MovementKind::ChargeFailed => return None,
    };
    Some(SagaEvent {
        order: body.id,
        message_id: None,
        kind: kind.to_owned(),
        producer: "payment".to_owned(),
        at: moved.at,
        reason: moved.reason.clone(),
        trace_id: None,
        causation_id: None,
    })
}

fn money_of(state: &str) -> MoneyState {
    match state {
        "charged" | "refund-due" => MoneyState::Charged,
        "failed" | "withdrawn" => MoneyState::Failed,
        "refunded" => MoneyState::Refunded,
        "refund-parked" => MoneyState::RefundParked,
        _ => MoneyState::Pending,
    }
}

fn known_money(state: &str) -> MoneyState {
    match state {
        "processed" => MoneyState::Charged,
        "failed" => MoneyState::Failed,
        _ => MoneyState::Pending,
    }
}

/// What the catalog holds, from what `order` heard of it.
fn stock_of(state: &str, status: OrderStatus) -> StockState {
    match state {
        "reserved" if status == OrderStatus::Cancelled => StockState::Released,
        "reserved" => StockState::Held,
        "rejected" => StockState::Rejected,
        _ => StockState::Pending,
    }
}
