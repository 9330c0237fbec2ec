//! One function per message: what each means to the one who writes the mails.

mod order_cancelled;
mod order_confirmed;
mod order_placed;
mod payment_processed;
mod payment_refunded;

use std::sync::Arc;

use async_trait::async_trait;
use chassis_messaging::{Effect, HandleError, Idempotent, Outcome, Received, Wake};
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use shop_contracts::Message as _;
use shop_contracts::order::{OrderCancelled, OrderConfirmed, OrderPlaced};
use shop_contracts::payment::{PaymentProcessed, PaymentRefunded};
use shop_kernel::Clock;

/// Finds the script of a message and runs it.
#[derive(Debug, Clone)]
pub struct Scripts {
    clock: Arc<dyn Clock>,
    wake: Wake,
}

impl Scripts {
    /// A handler that runs each message's script once; `wake` tells the sender of new mails.
    #[must_use]
    pub fn over(db: DatabaseConnection, clock: Arc<dyn Clock>, wake: Wake) -> Idempotent<Self> {
        Idempotent::new(db, Arc::clone(&clock), Self { clock, wake })
    }
}

#[async_trait]
impl Effect for Scripts {
    async fn apply(
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

    async fn committed(&self) {
        self.wake.wake();
    }
}
