//! The books in SQL: a change, its message, its work and its proof in one transaction.

mod work;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use chassis_messaging::{Received, Wake, due};
use payment_core::domain::{CreditAccount, Record, Work};
use payment_core::ports::{Books, Change, Revised, SaveError, StoreError};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait as _};
use shop_kernel::{Clock, Currency, CustomerId, Money, PaymentId};

use super::rows;
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

    /// The books as a message may change them: once.
    pub(crate) fn for_message<'a>(&'a self, message: &'a Received) -> OpenBooks<'a> {
        OpenBooks { store: self, occasion: Occasion::Message(message) }
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
    Message(&'a Received),
    Work(&'a due::Model),
    Operator,
}

#[async_trait]
impl Books for OpenBooks<'_> {
    async fn record(&self, payment: PaymentId) -> Result<Option<Revised<Record>>, StoreError> {
        let found = rows::payment::Entity::find_by_id(payment.uuid()).one(&self.store.db).await;
        let record = match found.map_err(store_error)? {
            Some(row) => {
                let value = rows::record(&row).map_err(|error| StoreError::Failed(error.into()))?;
                Some(Revised { value, revision: row.revision })
            }
            None => None,
        };
        self.reached(Step::Read).await;
        Ok(record)
    }

    async fn credit(
        &self,
        customer: CustomerId,
        currency: Currency,
    ) -> Result<Option<Revised<CreditAccount>>, StoreError> {
        let key = (customer.uuid(), currency.code().to_owned());
        let found = rows::credit_account::Entity::find_by_id(key).one(&self.store.db).await;
        let Some(row) = found.map_err(store_error)? else {
            return Ok(None);
        };
        let (limit, used) =
            (Money::new(row.limit_minor, currency), Money::new(row.used_minor, currency));
        let value = CreditAccount::stored(customer, limit, used)
            .map_err(|error| StoreError::Failed(error.into()))?;
        Ok(Some(Revised { value, revision: row.revision }))
    }

    async fn save(&self, change: Change) -> Result<(), SaveError> {
        self.commit(&change).await?;
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

pub(super) fn store_error(error: DbErr) -> StoreError {
    if chassis_db::is_unavailable(&error) {
        StoreError::Unavailable(error.into())
    } else {
        StoreError::Failed(error.into())
    }
}
