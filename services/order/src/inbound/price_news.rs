//! `order.prices`: what the catalog tells of its products.

use std::sync::Arc;

use async_trait::async_trait;
use chassis_messaging::{HandleError, Handler, Outcome, Received};
use shop_contracts::catalog::ProductChanged;
use shop_kernel::Clock;

use crate::outbound::store::Store;

/// Keeps our copy of the price list as the catalog has it.
#[derive(Debug)]
pub(crate) struct PriceNews {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl PriceNews {
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }
}

#[async_trait]
impl Handler for PriceNews {
    async fn handle(&self, message: &Received) -> Result<Outcome, HandleError> {
        let product = message.decode::<ProductChanged>()?.data;
        self.store.hear_of_product(&product, message, self.clock.now()).await?;
        Ok(Outcome::Done)
    }
}
