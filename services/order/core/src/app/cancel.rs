//! Cancelling because the customer wants it so.

use shop_kernel::{CustomerId, OrderId};

use super::Orders;
use super::retry::{may_conflict, until_settled};
use crate::domain::order::{Order, OrderError};
use crate::domain::stored::Present;
use crate::ports::{Cause, Change, StoreError};

/// Asks for an order to be cancelled.
#[derive(Debug, Clone)]
pub struct CancelOrder {
    /// The order.
    pub order: OrderId,
    /// Who asks.
    pub customer: CustomerId,
    /// What led to it.
    pub cause: Cause,
}

/// Why an order was not cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CancelOrderError {
    /// The customer has no such order.
    #[error("there is no order {0}")]
    UnknownOrder(OrderId),
    /// The order refuses.
    #[error("the order cannot be cancelled")]
    Refused(#[from] OrderError),
    /// The store did not do it.
    #[error("could not cancel the order")]
    Store(#[from] StoreError),
}

may_conflict!(CancelOrderError);

impl Orders {
    /// Cancels an order and returns it as it is afterwards. Safe to call again.
    ///
    /// # Errors
    /// When the customer has no such order or it is too late.
    pub async fn cancel(&self, command: &CancelOrder) -> Result<Order, CancelOrderError> {
        until_settled(|| self.cancel_once(command)).await
    }

    async fn cancel_once(&self, command: &CancelOrder) -> Result<Order, CancelOrderError> {
        let past = self.load(command.order).await?;
        let order = past
            .state
            .as_ref()
            .filter(|order| order.customer() == command.customer)
            .ok_or(CancelOrderError::UnknownOrder(command.order))?;

        let now = self.ports.clock.now();
        let Some(events) = order.cancel(now)? else {
            return Ok(order.clone());
        };

        let change = Change::new(now, command.cause.clone());
        let (change, order) = change.with_order(&past, &events, self.rules.snapshot_every)?;
        self.ports.events.append(change).await?;
        Ok(order)
    }

    /// An order as it is now.
    pub(super) async fn load(&self, order: OrderId) -> Result<Present<Order>, StoreError> {
        use crate::domain::history::{Aggregate as _, StreamId};
        let stream = StreamId::Order(order);
        let stored = self.ports.events.load(stream, Order::SNAPSHOT_SCHEMA).await?;
        Ok(stored.rebuild()?)
    }
}
