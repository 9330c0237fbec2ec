//! The consumer of `catalog.orders`: holds stock for placed orders, frees it for cancelled ones.

use async_trait::async_trait;
use chassis_messaging::{HandleError, Handler, Outcome, Received};
use shop_contracts::Message as _;
use shop_contracts::order::{OrderCancelled, OrderPlaced};

use crate::catalog::{Catalog, Demand, Fault};

/// Handles what orders say.
#[derive(Debug)]
pub struct Orders(Catalog);

impl Orders {
    /// A handler that works on `catalog`.
    #[must_use]
    pub fn new(catalog: Catalog) -> Self {
        Self(catalog)
    }
}

#[async_trait]
impl Handler for Orders {
    async fn handle(&self, message: &Received) -> Result<Outcome, HandleError> {
        match message.envelope.kind.as_str() {
            OrderPlaced::TYPE => {
                let placed = message.decode::<OrderPlaced>()?.data;
                match Demand::of(&placed) {
                    Ok(demand) => self.0.reserve(message, &demand).await?,
                    Err(error) => return Ok(Outcome::Reject(error.to_string())),
                }
            }
            OrderCancelled::TYPE => {
                let cancelled = message.decode::<OrderCancelled>()?.data;
                self.0.release(message, cancelled.order, cancelled.customer).await?;
            }
            other => return Ok(Outcome::Reject(format!("{other} is nothing this queue takes"))),
        }
        Ok(Outcome::Done)
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
