//! Giving stock back when an order is cancelled.

use chassis_messaging::outbox;
use sea_orm::{ConnectionTrait, DbErr};
use shop_contracts::RawEnvelope;
use shop_kernel::{CustomerId, OrderId};
use uuid::Uuid;

use super::{Catalog, Fault};
use crate::announce::{self, About};
use crate::checkpoint::Step;
use crate::rows::reservation::{self, State};
use crate::rows::{reservation_line, stock};

impl Catalog {
    /// Frees what is held for a cancelled order, and says so; where nothing is held, says nothing.
    /// `cause` is the message that cancelled it.
    ///
    /// A cancellation that comes before its order leaves a tombstone: nothing is held later.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn release(
        &self,
        tx: &impl ConnectionTrait,
        cause: Uuid,
        order: OrderId,
        customer: CustomerId,
    ) -> Result<(), Fault> {
        self.reached(Step::InboxWritten).await;
        let now = self.clock.now();
        let is_early = reservation::decide(tx, order, customer, State::Tombstone, now).await?;
        if !is_early && reservation::turn(tx, order, State::Reserved, State::Released, now).await? {
            self.reached(Step::Decided).await;
            let about = About { order, customer, cause, at: now };
            let released = self.free(tx, about).await?;
            outbox::append(tx, &[released]).await?;
            self.reached(Step::OutboxWritten).await;
        }
        Ok(())
    }

    async fn free(&self, tx: &impl ConnectionTrait, about: About) -> Result<RawEnvelope, Fault> {
        let lines = reservation_line::of_order(tx, about.order).await?;
        // In the same order as those who reserve, so that neither waits for the other in a circle.
        stock::lock_available(tx, &lines).await?;
        self.reached(Step::StockLocked).await;
        let freed = stock::free(tx, &lines).await?;
        self.reached(Step::StockMoved).await;
        if freed != lines.len() as u64 {
            // What a reservation says is held, is: only a bug gets here.
            return Err(DbErr::RecordNotUpdated.into());
        }
        Ok(announce::released(about, &lines)?)
    }
}
