//! Taking note of what payment and catalog answer; confirms or cancels the order.

use shop_contracts::payment::FailureReason;
use shop_kernel::{Money, OrderId, PaymentId};

use super::Orders;
use super::retry::{may_conflict, until_settled};
use crate::domain::order::{Decision, Order, OrderError};
use crate::domain::order_event::Shortage;
use crate::ports::{Cause, Change, Received, StoreError};

/// An answer to an order, and the message it came with.
#[derive(Debug, Clone)]
pub struct RecordReply {
    /// The order.
    pub order: OrderId,
    /// The answer.
    pub reply: SagaReply,
    /// The message.
    pub received: Received,
    /// The trace to continue, as a `traceparent` header.
    pub traceparent: Option<String>,
}

/// What an order waits to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SagaReply {
    /// The total was charged.
    PaymentProcessed {
        /// The payment.
        payment: PaymentId,
        /// What was charged.
        amount: Money,
    },
    /// The total will not be charged.
    PaymentFailed {
        /// The payment.
        payment: PaymentId,
        /// Why.
        reason: FailureReason,
    },
    /// Every line is held.
    StockReserved,
    /// Nothing is held.
    StockRejected {
        /// The lines that were short.
        short: Vec<Shortage>,
    },
}

/// Why an answer was not taken note of.
#[derive(Debug, thiserror::Error)]
pub enum RecordReplyError {
    /// Nobody placed that order.
    #[error("there is no order {0}")]
    UnknownOrder(OrderId),
    /// The answer contradicts the order.
    #[error("the answer does not fit the order")]
    Refused(#[from] OrderError),
    /// The store did not do it.
    #[error("could not save the answer")]
    Store(#[from] StoreError),
}

may_conflict!(RecordReplyError);

impl Orders {
    /// Takes note of an answer. Duplicates, late answers and any order of arrival are fine.
    ///
    /// # Errors
    /// When there is no such order, the answer contradicts it, or the store does not answer.
    pub async fn record_reply(&self, command: &RecordReply) -> Result<(), RecordReplyError> {
        until_settled(|| self.record_reply_once(command)).await
    }

    async fn record_reply_once(&self, command: &RecordReply) -> Result<(), RecordReplyError> {
        let past = self.load(command.order).await?;
        let order = past.state.as_ref().ok_or(RecordReplyError::UnknownOrder(command.order))?;
        let events = self.decide(order, &command.reply)?.unwrap_or_default();

        let message = Some(command.received.envelope.id);
        let cause = Cause { message, traceparent: command.traceparent.clone() };
        // Noted even where nothing follows from it: the inbox shows what was heard.
        let change = Change::new(self.ports.clock.now(), cause).receiving(command.received.clone());
        let change = if events.is_empty() {
            change
        } else {
            change.with_order(&past, &events, self.rules.snapshot_every)?.0
        };
        self.ports.events.append(change).await?;
        Ok(())
    }

    fn decide(&self, order: &Order, reply: &SagaReply) -> Decision {
        let (now, window) = (self.ports.clock.now(), self.rules.cancel_window);
        match reply {
            SagaReply::PaymentProcessed { payment, amount } => {
                order.record_payment(*payment, *amount, now, window)
            }
            SagaReply::PaymentFailed { payment, reason } => {
                Ok(order.fail_payment(*payment, *reason, now))
            }
            SagaReply::StockReserved => Ok(order.record_reservation(now, window)),
            SagaReply::StockRejected { short } => Ok(order.reject_stock(short.clone(), now)),
        }
    }
}
