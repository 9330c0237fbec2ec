//! What a change writes, step by step.

use chassis_messaging::{due, outbox, trace};
use chrono::{DateTime, Utc};
use payment_core::announce::announce;
use payment_core::domain::{CreditAccount, Record, payment_of};
use payment_core::ports::{Change, Revised, SaveError, StoreError};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryTrait as _,
};
use uuid::Uuid;

use super::{Occasion, OpenBooks, failed, work};
use crate::checkpoint::Step;
use crate::outbound::rows::{self, credit_account, payment};

impl OpenBooks<'_> {
    /// Writes the change; of what failed nothing may be committed.
    pub(super) async fn write(
        &self,
        tx: &DatabaseTransaction,
        change: &Change,
    ) -> Result<(), SaveError> {
        let now = self.store.clock.now();
        write_payment(tx, change, now).await?;
        self.reached(Step::PaymentWritten).await;
        write_credit(tx, change.credit.as_ref()).await?;
        self.reached(Step::CreditWritten).await;
        self.write_work(tx, change, now).await?;
        self.reached(Step::WorkWritten).await;
        self.write_message(tx, change).await?;
        self.reached(Step::OutboxWritten).await;
        self.end_lease(tx, change).await?;
        self.reached(Step::LeaseEnded).await;
        Ok(())
    }

    async fn write_work(
        &self,
        tx: &DatabaseTransaction,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<(), SaveError> {
        let Some((payment, due)) = work::that_became_due(change) else {
            return Ok(());
        };
        let row = work::row(payment, due, self.cause(), now);
        let id = row.id;
        if matches!(self.occasion, Occasion::Work(leased) if leased.id == id) {
            return Ok(());
        }
        if due::schedule(tx, row, now).await.map_err(failed)? {
            return Ok(());
        }
        // It was written before: a refund that was parked, and is tried again.
        if due::reopen(tx, id, now).await.map_err(failed)? {
            return Ok(());
        }
        let error = DbErr::Custom(format!("the due work {id} is neither new nor parked"));
        Err(SaveError::Store(StoreError::Failed(error.into())))
    }

    async fn write_message(
        &self,
        tx: &DatabaseTransaction,
        change: &Change,
    ) -> Result<(), SaveError> {
        let payment = change.record.as_ref().and_then(Record::payment);
        let Some((payment, event)) = payment.zip(change.event.clone()) else {
            return Ok(());
        };
        let message = announce(payment, event)
            .map_err(|error| SaveError::Store(StoreError::Failed(error.into())))?
            .caused_by(self.cause())
            .traced(trace::current_traceparent());
        outbox::append(tx, &[message]).await.map_err(failed)
    }

    async fn end_lease(&self, tx: &DatabaseTransaction, change: &Change) -> Result<(), SaveError> {
        let Occasion::Work(leased) = self.occasion else {
            return Ok(());
        };
        let is_ours = match work::end(change, leased) {
            work::End::None => return Ok(()),
            work::End::Done => due::finish(tx, leased).await,
            work::End::Parked(reason) => due::park(tx, leased, &reason).await,
        };
        if is_ours.map_err(failed)? { Ok(()) } else { Err(SaveError::Superseded) }
    }

    /// The message this occasion goes back to.
    fn cause(&self) -> Option<Uuid> {
        match self.occasion {
            Occasion::Message(_, message) => Some(message.envelope.id),
            Occasion::Work(leased) => work::cause(leased),
            Occasion::Operator => None,
        }
    }
}

async fn write_payment(
    tx: &DatabaseTransaction,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<(), SaveError> {
    let Some(record) = &change.record else {
        return Ok(());
    };
    let read = change.read.as_ref().map_or(0, |read| read.revision);
    let id = payment_of(record.order()).uuid();
    let row = rows::row(record, read.saturating_add(1), now);
    if read == 0 {
        let mut insert = payment::Entity::insert(row).into_query();
        insert.on_conflict(OnConflict::column(payment::Column::Id).do_nothing().to_owned());
        return inserted(tx, &insert).await;
    }
    let update = payment::Entity::update_many()
        .filter(payment::Column::Id.eq(id))
        .filter(payment::Column::Revision.eq(read))
        .set(row);
    one(update.exec(tx).await.map_err(failed)?.rows_affected)
}

async fn write_credit(
    tx: &DatabaseTransaction,
    credit: Option<&Revised<CreditAccount>>,
) -> Result<(), SaveError> {
    let Some(Revised { value: account, revision }) = credit else {
        return Ok(());
    };
    let (customer, currency) = (account.customer().uuid(), account.limit().currency.code());
    let row = credit_account::ActiveModel {
        customer_id: Set(customer),
        currency: Set(currency.to_owned()),
        limit_minor: Set(account.limit().minor),
        used_minor: Set(account.used().minor),
        revision: Set(revision.saturating_add(1)),
    };
    if *revision == 0 {
        let mut insert = credit_account::Entity::insert(row).into_query();
        let key = [credit_account::Column::CustomerId, credit_account::Column::Currency];
        insert.on_conflict(OnConflict::columns(key).do_nothing().to_owned());
        return inserted(tx, &insert).await;
    }
    let update = credit_account::Entity::update_many()
        .filter(credit_account::Column::CustomerId.eq(customer))
        .filter(credit_account::Column::Currency.eq(currency))
        .filter(credit_account::Column::Revision.eq(*revision))
        .set(row);
    one(update.exec(tx).await.map_err(failed)?.rows_affected)
}

async fn inserted(
    tx: &DatabaseTransaction,
    insert: &sea_orm::sea_query::InsertStatement,
) -> Result<(), SaveError> {
    one(tx.execute(insert).await.map_err(failed)?.rows_affected())
}

/// Nothing written means that the row is no longer as it was read.
fn one(rows_affected: u64) -> Result<(), SaveError> {
    if rows_affected == 1 { Ok(()) } else { Err(SaveError::Conflict) }
}
