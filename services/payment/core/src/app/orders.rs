//! Orders: a payment becomes due when one is placed, and is undone when one is cancelled.

use shop_kernel::{CustomerId, OrderId};

use super::{Payments, PaymentsError, ROUNDS, settled};
use crate::domain::{Bill, Record, payment_of};
use crate::ports::{Books, Change};

impl Payments {
    /// Makes the payment of an order due. Safe to call again with the same order.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn open(&self, books: &dyn Books, bill: Bill) -> Result<(), PaymentsError> {
        let order = bill.order;
        self.decide(books, order, |known| Record::placed(known, bill.clone())).await
    }

    /// Undoes the payment of an order, or sees to it that it will be. Safe to call again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn cancel(
        &self,
        books: &dyn Books,
        order: OrderId,
        customer: CustomerId,
    ) -> Result<(), PaymentsError> {
        self.decide(books, order, |known| Record::cancelled(known, order, customer)).await
    }

    async fn decide(
        &self,
        books: &dyn Books,
        order: OrderId,
        decision: impl Fn(Option<&Record>) -> Option<Record> + Send,
    ) -> Result<(), PaymentsError> {
        let id = payment_of(order);
        for _ in 0..ROUNDS {
            let read = books.record(id).await?;
            let record = decision(read.as_ref().map(|known| &known.value));
            let change = Change { read, record, ..Change::default() };
            if settled(books.save(change).await)? {
                return Ok(());
            }
        }
        Err(PaymentsError::Contended(id))
    }
}
