//! One function per message: what each means to the one who writes the mails.

mod order_cancelled;
mod order_confirmed;
mod order_placed;
mod payment_processed;
mod payment_refunded;

use std::sync::Arc;

use async_trait::async_trait;
use chassis_messaging::{HandleError, Handler, Outcome, Received, Wake, inbox};
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use shop_contracts::Message as _;
use shop_contracts::order::{OrderCancelled, OrderConfirmed, OrderPlaced};
use shop_contracts::payment::{PaymentProcessed, PaymentRefunded};
use shop_kernel::Clock;

/// Finds the script of a message and runs it in one transaction with the inbox.
#[derive(Debug, Clone)]
pub struct Scripts {
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
    wake: Wake,
}

impl Scripts {
    /// Scripts over this store; `wake` tells the sender of new mails.
    #[must_use]
    pub fn new(db: DatabaseConnection, clock: Arc<dyn Clock>, wake: Wake) -> Self {
        Self { db, clock, wake }
    }

    async fn run(
        &self,
        tx: &DatabaseTransaction,
        message: &Received,
    ) -> Result<Outcome, HandleError> {
        let now = self.clock.now();
        match message.envelope.kind.as_str() {
            OrderPlaced::TYPE => order_placed::run(tx, &message.decode()?.data).await?,
            OrderConfirmed::TYPE => order_confirmed::run(tx, &message.decode()?.data, now).await?,
            OrderCancelled::TYPE => order_cancelled::run(tx, &message.decode()?.data, now).await?,
            PaymentProcessed::TYPE => {
                payment_processed::run(tx, &message.decode()?.data, now).await?;
            }
            PaymentRefunded::TYPE => {
                payment_refunded::run(tx, &message.decode()?.data, now).await?
            }
            other => return Ok(Outcome::Reject(format!("no script for {other}"))),
        }
        Ok(Outcome::Done)
    }
}

#[async_trait]
impl Handler for Scripts {
    async fn handle(&self, message: &Received) -> Result<Outcome, HandleError> {
        let tx = chassis_db::begin(&self.db).await?;
        if !inbox::first_time(&tx, message, self.clock.now()).await? {
            return Ok(Outcome::Done);
        }
        let outcome = self.run(&tx, message).await?;
        if outcome == Outcome::Done {
            tx.commit().await?;
            self.wake.wake();
        }
        Ok(outcome)
    }
}
