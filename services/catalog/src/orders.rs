//! The consumer of `catalog.orders`: holds stock for placed orders, frees it for cancelled ones.

use async_trait::async_trait;
use chassis_messaging::{Effect, HandleError, Idempotent, Outcome, Received};
use sea_orm::DatabaseTransaction;
use shop_contracts::Message as _;
use shop_contracts::order::{OrderCancelled, OrderPlaced};

use crate::catalog::{Catalog, Demand, Fault};

/// What orders do to the stock.
#[derive(Debug, Clone)]
pub struct Orders(Catalog);

impl Orders {
    /// A handler that works on `catalog`, once per message.
    #[must_use]
    pub fn over(catalog: Catalog) -> Idempotent<Self> {
        let (db, clock) = (catalog.db().clone(), catalog.clock());
        Idempotent::new(db, clock, Self(catalog))
    }
}

#[async_trait]
impl Effect for Orders {
    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        message: &Received,
    ) -> Result<Outcome, HandleError> {
        let cause = message.envelope.id;
        match message.envelope.kind.as_str() {
            OrderPlaced::TYPE => {
                let placed = message.decode::<OrderPlaced>()?.data;
                match Demand::of(&placed) {
                    Ok(demand) => self.0.reserve(tx, cause, &demand).await?,
                    Err(error) => return Ok(Outcome::Reject(error.to_string())),
                }
            }
            OrderCancelled::TYPE => {
                let cancelled = message.decode::<OrderCancelled>()?.data;
                self.0.release(tx, cause, cancelled.order, cancelled.customer).await?;
            }
            other => return Ok(Outcome::Reject(format!("{other} is nothing this queue takes"))),
        }
        Ok(Outcome::Done)
    }

    async fn committed(&self) {
        self.0.answered().await;
    }
}

impl From<Fault> for HandleError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) => error.into(),
            Fault::Message(error) => Self::failed(error),
        }
    }
}
