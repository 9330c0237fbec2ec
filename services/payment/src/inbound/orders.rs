//! The queue `payment.orders`: orders to charge, and orders to undo.

use async_trait::async_trait;
use chassis_messaging::{HandleError, Handler, Outcome, Received};
use payment_core::app::{Payments, PaymentsError};
use payment_core::domain::Bill;
use payment_core::ports::StoreError;
use shop_contracts::Message as _;
use shop_contracts::order::{OrderCancelled, OrderPlaced};

use crate::outbound::books::Store;

/// Takes orders in.
#[derive(Debug)]
pub(crate) struct Orders {
    pub(crate) payments: Payments,
    pub(crate) store: Store,
}

#[async_trait]
impl Handler for Orders {
    async fn handle(&self, message: &Received) -> Result<Outcome, HandleError> {
        let books = self.store.for_message(message);
        let handled = match message.envelope.kind.as_str() {
            OrderPlaced::TYPE => {
                let placed = message.decode::<OrderPlaced>()?.data;
                self.payments.open(&books, Bill::from(&placed)).await
            }
            OrderCancelled::TYPE => {
                let cancelled = message.decode::<OrderCancelled>()?.data;
                self.payments.cancel(&books, cancelled.order, cancelled.customer).await
            }
            kind => return Ok(Outcome::Reject(format!("{kind} is none of payment's business"))),
        };
        handled.map(|()| Outcome::Done).map_err(not_handled)
    }
}

fn not_handled(error: PaymentsError) -> HandleError {
    match error {
        PaymentsError::Store(StoreError::Unavailable(source)) => HandleError::Unavailable(source),
        error @ (PaymentsError::Store(StoreError::Failed(_))
        | PaymentsError::Contended(_)
        | PaymentsError::Unknown(_)
        | PaymentsError::Payment(..)
        | PaymentsError::Credit(_)) => HandleError::failed(error),
    }
}
