//! Paying or buying again: a new order from the lines of a cancelled one, at today's prices.

use shop_contracts::order::PaymentMethod;
use shop_kernel::{Contact, Locale, OrderId};

use super::Orders;
use super::place::{Accepted, Basis, Details};
use super::pricing::{self, Expectation, PricingError, SeenPrice};
use super::retry::{may_conflict, until_settled};
use crate::domain::cart_event::CartLine;
use crate::domain::history::{Aggregate as _, StreamId};
use crate::domain::order::{Order, Status};
use crate::ports::{Cause, RequestKey, StoreError};

/// Asks for the lines of a cancelled order again.
#[derive(Debug, Clone)]
pub struct Reorder {
    /// Tells repeats of this request from new ones; names the customer.
    pub key: RequestKey,
    /// The cancelled order.
    pub order: OrderId,
    /// How the new one is to be paid.
    pub payment_method: PaymentMethod,
    /// Whom to write to; as before when absent.
    pub contact: Option<Contact>,
    /// The language to write in; as before when absent.
    pub locale: Option<Locale>,
    /// The prices that were seen; today's are taken unseen when absent.
    pub seen: Option<Vec<SeenPrice>>,
    /// What led to it.
    pub cause: Cause,
}

/// Why lines were not bought again.
#[derive(Debug, thiserror::Error)]
pub enum ReorderError {
    /// The key was used for something else.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The customer has no such order.
    #[error("there is no order {0}")]
    UnknownOrder(OrderId),
    /// The order was not cancelled.
    #[error("only a cancelled order can be bought again")]
    NotCancelled,
    /// The lines have no price, or another than was seen.
    #[error("the lines cannot be priced")]
    Pricing(#[from] PricingError),
    /// The store did not do it.
    #[error("could not save the order")]
    Store(#[from] StoreError),
}

may_conflict!(ReorderError);

impl Orders {
    /// Places a new order that replaces a cancelled one. The same key with the same content
    /// always gets the same answer.
    ///
    /// # Errors
    /// When the old order is not a cancelled one of the customer, its lines cannot be bought any
    /// more, or the store does not answer.
    pub async fn reorder(&self, command: &Reorder) -> Result<Accepted, ReorderError> {
        until_settled(|| self.reorder_once(command)).await
    }

    async fn reorder_once(&self, command: &Reorder) -> Result<Accepted, ReorderError> {
        let key = &command.key;
        if let Some(reply) = self.ports.desk.reply(key).await? {
            return Accepted::again(reply, key).ok_or(ReorderError::KeyReused);
        }
        let old = self.cancelled(command).await?;
        let placed = old.placed();
        let lines: Vec<_> = placed
            .lines
            .iter()
            .map(|line| CartLine { product: line.product, quantity: line.quantity })
            .collect();

        let products: Vec<_> = lines.iter().map(|line| line.product).collect();
        let prices = self.ports.prices.prices(&products).await?;
        let expectation = command.seen.as_deref().map_or(Expectation::Today, Expectation::Seen);
        let lines = pricing::price(&lines, old.total().currency, &prices, expectation)?;

        let details = Details {
            contact: command.contact.clone().unwrap_or_else(|| placed.contact.clone()),
            locale: command.locale.unwrap_or(placed.locale),
            payment_method: command.payment_method,
        };
        let basis = Basis {
            order: OrderId::generate(),
            customer: key.customer,
            cart: None,
            replaces: Some(old.id()),
        };
        let (change, accepted) = self.placing(basis, lines, &details, key, &command.cause)?;
        self.ports.events.append(change).await?;
        Ok(accepted)
    }

    async fn cancelled(&self, command: &Reorder) -> Result<Order, ReorderError> {
        let stream = StreamId::Order(command.order);
        let stored = self.ports.events.load(stream, Order::SNAPSHOT_SCHEMA).await?;
        let order = stored.rebuild::<Order>().map_err(StoreError::from)?;
        let order = order
            .state
            .filter(|order| order.customer() == command.key.customer)
            .ok_or(ReorderError::UnknownOrder(command.order))?;
        match order.status() {
            Status::Cancelled { .. } => Ok(order),
            Status::Provisional | Status::Confirmed { .. } => Err(ReorderError::NotCancelled),
        }
    }
}
