//! How the events of an order become the order.

use super::{Order, Payment, Status, Stock};
use crate::domain::history::{Aggregate, CorruptHistory, Event as _};
use crate::domain::order_event::OrderEvent;

impl Aggregate for Order {
    type Event = OrderEvent;

    const SNAPSHOT_SCHEMA: u32 = 1;

    fn evolve(past: Option<Self>, event: &OrderEvent) -> Result<Self, CorruptHistory> {
        use OrderEvent as E;
        let Some(order) = past else {
            return match event {
                E::Placed(placed) => Ok(Self {
                    placed: placed.clone(),
                    payment: Payment::Awaited,
                    stock: Stock::Awaited,
                    status: Status::Provisional,
                }),
                later => Err(out_of_place(later)),
            };
        };
        Ok(match event {
            E::Placed(_) => return Err(out_of_place(event)),
            E::PaymentProcessed { payment, .. } => {
                Self { payment: Payment::Processed { payment: *payment }, ..order }
            }
            E::PaymentFailed { payment, reason, .. } => {
                Self { payment: Payment::Failed { payment: *payment, reason: *reason }, ..order }
            }
            E::StockReserved { .. } => Self { stock: Stock::Reserved, ..order },
            E::StockRejected { short, .. } => {
                Self { stock: Stock::Rejected { short: short.clone() }, ..order }
            }
            E::Confirmed { at, cancellable_until } => Self {
                status: Status::Confirmed { at: *at, cancellable_until: *cancellable_until },
                ..order
            },
            E::Cancelled { reason, at, .. } => {
                Self { status: Status::Cancelled { reason: *reason, at: *at }, ..order }
            }
        })
    }
}

fn out_of_place(event: &OrderEvent) -> CorruptHistory {
    CorruptHistory::OutOfPlace(event.kind())
}
