//! The books in SQL: a change, its message, its work and its proof in one transaction.

mod read;
mod work;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use chassis_messaging::{Received, Wake, due};
use payment_core::domain::{CreditAccount, Record, Work};
use payment_core::ports::{Books, Change, Revised, SaveError, StoreError};
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr};
use shop_kernel::{Clock, Currency, CustomerId, PaymentId};

use crate::checkpoint::{Checkpoint, Step};

pub(crate) use work::{CHARGE, REFUND};

/// What a commit wakes: the relay, and the worker of each kind of work.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wakes {
    pub(crate) relay: Wake,
    pub(crate) charge: Wake,
    pub(crate) refund: Wake,
}

/// The store of payments; opens the books for one occasion at a time.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
    wakes: Wakes,
    checkpoint: Arc<dyn Checkpoint>,
}

impl Store {
    pub(crate) fn new(
        db: DatabaseConnection,
        clock: Arc<dyn Clock>,
        wakes: Wakes,
        checkpoint: Arc<dyn Checkpoint>,
    ) -> Self {
        Self { db, clock, wakes, checkpoint }
    }

    /// The books as a message may change them, within the transaction that takes it in.
    pub(crate) async fn for_message<'a>(
        &'a self,
        tx: &'a DatabaseTransaction,
        message: &'a Received,
    ) -> OpenBooks<'a> {
        self.checkpoint.reached(Step::InboxWritten).await;
        OpenBooks { store: self, occasion: Occasion::Message(tx, message) }
    }

    /// What messages changed is committed: whoever may have to do with it looks.
    pub(crate) async fn committed(&self) {
        self.checkpoint.reached(Step::Committed).await;
        for wake in [&self.wakes.relay, &self.wakes.charge, &self.wakes.refund] {
            wake.wake();
        }
    }

    /// The books as leased work may change them: for as long as the lease holds.
    pub(crate) fn for_work<'a>(&'a self, work: &'a due::Model) -> OpenBooks<'a> {
        OpenBooks { store: self, occasion: Occasion::Work(work) }
    }

    /// The books as a person may change them.
    pub(crate) fn for_operator(&self) -> OpenBooks<'_> {
        OpenBooks { store: self, occasion: Occasion::Operator }
    }
}

/// The books, opened for one occasion.
#[derive(Debug)]
pub(crate) struct OpenBooks<'a> {
    store: &'a Store,
    occasion: Occasion<'a>,
}

#[derive(Debug)]
enum Occasion<'a> {
    Message(&'a DatabaseTransaction, &'a Received),
    Work(&'a due::Model),
    Operator,
}

#[async_trait]
impl Books for OpenBooks<'_> {
    async fn record(&self, payment: PaymentId) -> Result<Option<Revised<Record>>, StoreError> {
        let record = match self.occasion {
            Occasion::Message(tx, _) => read::record(tx, payment).await?,
            Occasion::Work(_) | Occasion::Operator => read::record(&self.store.db, payment).await?,
        };
        self.reached(Step::Read).await;
        Ok(record)
    }

    async fn credit(
        &self,
        customer: CustomerId,
        currency: Currency,
    ) -> Result<Option<Revised<CreditAccount>>, StoreError> {
        match self.occasion {
            Occasion::Message(tx, _) => read::credit(tx, customer, currency).await,
            Occasion::Work(_) | Occasion::Operator => {
                read::credit(&self.store.db, customer, currency).await
            }
        }
    }

    async fn save(&self, change: Change) -> Result<(), SaveError> {
        if let Occasion::Message(tx, _) = self.occasion {
            return self.write(tx, &change).await;
        }
        let tx = chassis_db::begin(&self.store.db).await.map_err(failed)?;
        self.write(&tx, &change).await?;
        tx.commit().await.map_err(failed)?;
        self.reached(Step::Committed).await;
        self.wake(&change);
        Ok(())
    }
}

impl OpenBooks<'_> {
    async fn reached(&self, step: Step) {
        self.store.checkpoint.reached(step).await;
    }

    fn wake(&self, change: &Change) {
        if change.event.is_some() {
            self.store.wakes.relay.wake();
        }
        match work::that_became_due(change) {
            Some((_, Work::Charge)) => self.store.wakes.charge.wake(),
            Some((_, Work::Refund)) => self.store.wakes.refund.wake(),
            None => {}
        }
    }
}

fn failed(error: DbErr) -> SaveError {
    SaveError::Store(store_error(error))
}

pub(super) fn store_error(error: DbErr) -> StoreError {
    if chassis_db::is_unavailable(&error) {
        StoreError::Unavailable(error.into())
    } else {
        StoreError::Failed(error.into())
    }
}
