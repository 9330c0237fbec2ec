//! The queue `payment.orders`: orders to charge, and orders to undo.

use async_trait::async_trait;
use chassis_messaging::{Effect, HandleError, Outcome, Received};
use payment_core::app::{Payments, PaymentsError};
use payment_core::domain::Bill;
use payment_core::ports::StoreError;
use sea_orm::{DatabaseTransaction, DbErr};
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
impl Effect for Orders {
    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        message: &Received,
    ) -> Result<Outcome, HandleError> {
        let books = self.store.for_message(tx, message).await;
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

    async fn committed(&self) {
        self.store.committed().await;
    }
}

fn not_handled(error: PaymentsError) -> HandleError {
    match error {
        PaymentsError::Store(StoreError::Unavailable(source)) => HandleError::Unavailable(source),
        // Deadlocks, for one, are worth another try at once.
        PaymentsError::Store(StoreError::Failed(source)) => match source.downcast::<DbErr>() {
            Ok(error) => (*error).into(),
            Err(source) => HandleError::Failed(source),
        },
        error @ (PaymentsError::Contended(_)
        | PaymentsError::Unknown(_)
        | PaymentsError::Payment(..)
        | PaymentsError::Credit(_)) => HandleError::failed(error),
    }
}
