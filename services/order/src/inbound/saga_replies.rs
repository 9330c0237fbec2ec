//! `order.replies`: what payment and catalog answer to an order.

use async_trait::async_trait;
use chassis::trace;
use chassis_messaging::{HandleError, Handler, Outcome, Received};
use order_core::app::Orders;
use order_core::app::record_reply::{RecordReply, RecordReplyError, SagaReply};
use order_core::domain::order_event::Shortage;
use order_core::ports::{self, StoreError};
use shop_contracts::catalog::{ShortLine, StockRejected, StockReserved};
use shop_contracts::payment::{PaymentFailed, PaymentProcessed};
use shop_contracts::{DecodeError, Message as _};
use shop_kernel::OrderId;

/// Hands each answer to the order it is for.
#[derive(Debug)]
pub(crate) struct SagaReplies {
    orders: Orders,
}

impl SagaReplies {
    pub(crate) const fn new(orders: Orders) -> Self {
        Self { orders }
    }
}

#[async_trait]
impl Handler for SagaReplies {
    async fn handle(&self, message: &Received) -> Result<Outcome, HandleError> {
        let Some((order, reply)) = read(message)? else {
            let kind = &message.envelope.kind;
            return Ok(Outcome::Reject(format!("an order does not wait for {kind}")));
        };
        let received = ports::Received {
            queue: message.queue,
            attempt: message.attempt,
            received_at: message.received_at,
            envelope: message.envelope.clone(),
        };
        // Our own span is a child of the sender's; without one theirs is as good.
        let traceparent = trace::current_traceparent().or(message.envelope.traceparent.clone());
        let command = RecordReply { order, reply, received, traceparent };
        match self.orders.record_reply(&command).await {
            Ok(()) => Ok(Outcome::Done),
            Err(RecordReplyError::Store(error @ StoreError::Unavailable(_))) => {
                Err(HandleError::Unavailable(error.into()))
            }
            Err(RecordReplyError::Store(error)) => Err(HandleError::failed(error)),
            Err(error @ RecordReplyError::UnknownOrder(_)) => {
                Ok(Outcome::Reject(error.to_string()))
            }
            Err(RecordReplyError::Refused(error)) => Ok(Outcome::Reject(error.to_string())),
        }
    }
}

fn read(message: &Received) -> Result<Option<(OrderId, SagaReply)>, DecodeError> {
    Ok(Some(match message.envelope.kind.as_str() {
        PaymentProcessed::TYPE => {
            let PaymentProcessed { order, payment, amount, .. } = message.decode()?.data;
            (order, SagaReply::PaymentProcessed { payment, amount })
        }
        PaymentFailed::TYPE => {
            let PaymentFailed { order, payment, reason, .. } = message.decode()?.data;
            (order, SagaReply::PaymentFailed { payment, reason })
        }
        StockReserved::TYPE => {
            let StockReserved { order, .. } = message.decode()?.data;
            (order, SagaReply::StockReserved)
        }
        StockRejected::TYPE => {
            let StockRejected { order, short, .. } = message.decode()?.data;
            let short = short.into_iter().map(shortage).collect();
            (order, SagaReply::StockRejected { short })
        }
        _ => return Ok(None),
    }))
}

fn shortage(line: ShortLine) -> Shortage {
    let ShortLine { product, requested, available } = line;
    Shortage { product, requested, available }
}
