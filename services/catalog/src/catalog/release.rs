//! Giving stock back when an order is cancelled.

use chassis_messaging::{Received, inbox, outbox};
use sea_orm::{ConnectionTrait, DbErr};
use shop_contracts::RawEnvelope;
use shop_kernel::{CustomerId, OrderId};

use super::retry::retried;
use super::{Catalog, Fault};
use crate::announce::{self, About};
use crate::rows::reservation::{self, State};
use crate::rows::{reservation_line, stock};

impl Catalog {
    /// Frees what is held for a cancelled order, and says so; where nothing is held, says nothing.
    ///
    /// A cancellation that comes before its order leaves a tombstone: nothing is held later.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn release(
        &self,
        message: &Received,
        order: OrderId,
        customer: CustomerId,
    ) -> Result<(), Fault> {
        retried(|| self.try_release(message, order, customer)).await?;
        self.relay.wake();
        Ok(())
    }

    async fn try_release(
        &self,
        message: &Received,
        order: OrderId,
        customer: CustomerId,
    ) -> Result<(), Fault> {
        let now = self.clock.now();
        let tx = chassis_db::begin(&self.db).await?;
        if inbox::first_time(&tx, message, now).await? {
            let is_early = reservation::decide(&tx, order, customer, State::Tombstone, now).await?;
            if !is_early
                && reservation::turn(&tx, order, State::Reserved, State::Released, now).await?
            {
                let about = About { order, customer, cause: message.envelope.id, at: now };
                let released = free(&tx, about).await?;
                outbox::append(&tx, &[released]).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

async fn free(tx: &impl ConnectionTrait, about: About) -> Result<RawEnvelope, Fault> {
    let lines = reservation_line::of_order(tx, about.order).await?;
    // In the same order as those who reserve, so that neither waits for the other in a circle.
    stock::lock_available(tx, &lines).await?;
    if stock::free(tx, &lines).await? != lines.len() as u64 {
        // What a reservation says is held, is: only a bug gets here.
        return Err(DbErr::RecordNotUpdated.into());
    }
    Ok(announce::released(about, &lines)?)
}
