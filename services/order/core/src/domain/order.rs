//! The order: decides what may happen next, and remembers what did.

mod fold;
mod state;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use shop_contracts::order::CancelReason;
use shop_contracts::payment::FailureReason;
use shop_kernel::{CustomerId, Money, OrderId, PaymentId};

use super::order_event::{OrderEvent, Placed, Shortage};
pub use state::{Payment, Status, Stock};

/// An order as its history describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    placed: Box<Placed>,
    payment: Payment,
    stock: Stock,
    status: Status,
}

/// What a decision adds to the history; `None` where everything was said before.
pub type Decision = Result<Option<Vec<OrderEvent>>, OrderError>;

/// Why an order refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// Another amount was charged than was to be.
    #[error("{charged} was charged where {total} was due")]
    AmountDiffers {
        /// What was charged.
        charged: Money,
        /// What was due.
        total: Money,
    },
    /// The time in which a confirmed order may be cancelled is over.
    #[error("the order could be cancelled until {until}")]
    TooLateToCancel {
        /// When it ended.
        until: DateTime<Utc>,
    },
}

impl Order {
    /// Opens an order. `Lines` is never empty, so there is always something to pay for.
    #[must_use]
    pub fn place(placed: Placed) -> OrderEvent {
        OrderEvent::Placed(Box::new(placed))
    }

    /// Takes note of the charge; confirms the order when the stock is held already.
    ///
    /// # Errors
    /// When another amount was charged than was due.
    pub fn record_payment(
        &self,
        payment: PaymentId,
        charged: Money,
        at: DateTime<Utc>,
        cancel_window: TimeDelta,
    ) -> Decision {
        if self.is_decided() || self.payment != Payment::Awaited {
            // Payment hears of a cancellation itself, and refunds.
            return Ok(None);
        }
        let total = self.total();
        if charged != total {
            return Err(OrderError::AmountDiffers { charged, total });
        }
        let processed = OrderEvent::PaymentProcessed { payment, at };
        Ok(Some(match self.stock {
            Stock::Reserved => vec![processed, confirmed(at, cancel_window)],
            Stock::Awaited | Stock::Rejected { .. } => vec![processed],
        }))
    }

    /// Takes note that every line is held; confirms the order when it is paid already.
    #[must_use]
    pub fn record_reservation(
        &self,
        at: DateTime<Utc>,
        cancel_window: TimeDelta,
    ) -> Option<Vec<OrderEvent>> {
        if self.is_decided() || self.stock != Stock::Awaited {
            return None;
        }
        let reserved = OrderEvent::StockReserved { at };
        Some(match self.payment {
            Payment::Processed { .. } => vec![reserved, confirmed(at, cancel_window)],
            Payment::Awaited | Payment::Failed { .. } => vec![reserved],
        })
    }

    /// Cancels because the charge was refused for good.
    #[must_use]
    pub fn fail_payment(
        &self,
        payment: PaymentId,
        reason: FailureReason,
        at: DateTime<Utc>,
    ) -> Option<Vec<OrderEvent>> {
        (!self.is_decided()).then(|| {
            let failed = OrderEvent::PaymentFailed { payment, reason, at };
            vec![failed, self.cancelled(CancelReason::PaymentFailed, at)]
        })
    }

    /// Cancels because lines were short.
    #[must_use]
    pub fn reject_stock(&self, short: Vec<Shortage>, at: DateTime<Utc>) -> Option<Vec<OrderEvent>> {
        (!self.is_decided()).then(|| {
            let rejected = OrderEvent::StockRejected { short, at };
            vec![rejected, self.cancelled(CancelReason::OutOfStock, at)]
        })
    }

    /// Gives up when the time is over and answers are still missing.
    #[must_use]
    pub fn time_out(&self, now: DateTime<Utc>) -> Option<Vec<OrderEvent>> {
        let is_over = now >= self.placed.expires_at;
        (is_over && !self.is_decided()).then(|| vec![self.cancelled(CancelReason::TimedOut, now)])
    }

    /// Cancels because the customer wants it so.
    ///
    /// # Errors
    /// When the order was confirmed and the time to cancel is over.
    pub fn cancel(&self, now: DateTime<Utc>) -> Decision {
        match self.status {
            Status::Confirmed { cancellable_until: until, .. } if now > until => {
                Err(OrderError::TooLateToCancel { until })
            }
            Status::Provisional | Status::Confirmed { .. } => {
                Ok(Some(vec![self.cancelled(CancelReason::ByCustomer, now)]))
            }
            Status::Cancelled { .. } => Ok(None),
        }
    }

    /// The order's id.
    #[must_use]
    pub fn id(&self) -> OrderId {
        self.placed.order
    }

    /// Whose it is.
    #[must_use]
    pub fn customer(&self) -> CustomerId {
        self.placed.customer
    }

    /// What it began with.
    #[must_use]
    pub fn placed(&self) -> &Placed {
        &self.placed
    }

    /// What is to be paid.
    #[must_use]
    pub fn total(&self) -> Money {
        self.placed.lines.total()
    }

    /// What is known of the money.
    #[must_use]
    pub const fn payment(&self) -> &Payment {
        &self.payment
    }

    /// What is known of the goods.
    #[must_use]
    pub const fn stock(&self) -> &Stock {
        &self.stock
    }

    /// Where it stands.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// Until when the customer may cancel; `None` when there is nothing left to cancel.
    ///
    /// A provisional order may be cancelled for as long as it is provisional, which is at most
    /// until it expires.
    #[must_use]
    pub fn cancellable_until(&self) -> Option<DateTime<Utc>> {
        match self.status {
            Status::Provisional => Some(self.placed.expires_at),
            Status::Confirmed { cancellable_until, .. } => Some(cancellable_until),
            Status::Cancelled { .. } => None,
        }
    }

    const fn is_decided(&self) -> bool {
        !matches!(self.status, Status::Provisional)
    }

    fn cancelled(&self, reason: CancelReason, at: DateTime<Utc>) -> OrderEvent {
        let was_confirmed = matches!(self.status, Status::Confirmed { .. });
        OrderEvent::Cancelled { reason, was_confirmed, at }
    }
}

fn confirmed(at: DateTime<Utc>, cancel_window: TimeDelta) -> OrderEvent {
    OrderEvent::Confirmed { at, cancellable_until: at + cancel_window }
}

#[cfg(test)]
mod tests;
