//! Looking at orders: as they are, as they were, and as lists.

use shop_kernel::{CustomerId, OrderId};

use super::Orders;
use crate::domain::history::{Aggregate as _, CorruptHistory, StreamId};
use crate::domain::order::Order;
use crate::domain::order_event::OrderEvent;
use crate::domain::stored::Recorded;
use crate::ports::{OrderSummary, PageQuery, StoreError, Until};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// A customer, who sees their own.
    Customer(CustomerId),
    /// An operator or another service, who see all.
    Staff,
}

/// An order and everything that happened to it up to the moment asked for.
#[derive(Debug, Clone)]
pub struct FoundOrder {
    /// The order as of then.
    pub order: Order,
    /// What had happened, oldest first.
    pub history: Vec<(Recorded, OrderEvent)>,
}

impl FoundOrder {
    /// The last version included.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.history.last().map_or(0, |(recorded, _)| recorded.version)
    }
}

/// Why an order was not found.
#[derive(Debug, thiserror::Error)]
pub enum FindOrderError {
    /// There is none, or not for this viewer, or not yet at that moment.
    #[error("there is no order {0}")]
    UnknownOrder(OrderId),
    /// The store did not answer.
    #[error("could not read the order")]
    Store(#[from] StoreError),
}

impl Orders {
    /// An order as of a moment, with its history up to then.
    ///
    /// # Errors
    /// When there is none for this viewer.
    pub async fn find(
        &self,
        order: OrderId,
        viewer: Viewer,
        until: Until,
    ) -> Result<FoundOrder, FindOrderError> {
        let recorded = self.ports.events.history(StreamId::Order(order), until).await?;
        let history = decoded(recorded).map_err(StoreError::from)?;
        Order::replay(history.iter().map(|(_, event)| event))
            .map_err(StoreError::from)?
            .filter(|order| match viewer {
                Viewer::Customer(customer) => order.customer() == customer,
                Viewer::Staff => true,
            })
            .map(|order| FoundOrder { order, history })
            .ok_or(FindOrderError::UnknownOrder(order))
    }

    /// A page of orders, newest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn page(&self, query: &PageQuery) -> Result<Vec<OrderSummary>, FindOrderError> {
        Ok(self.ports.book.page(query).await?)
    }
}

fn decoded(recorded: Vec<Recorded>) -> Result<Vec<(Recorded, OrderEvent)>, CorruptHistory> {
    let pair = |recorded: Recorded| {
        let event = recorded.event.decode()?;
        Ok((recorded, event))
    };
    recorded.into_iter().map(pair).collect()
}
