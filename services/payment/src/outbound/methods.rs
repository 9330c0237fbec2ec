//! The cards on file.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use payment_core::domain::CardOnFile;
use payment_core::ports::{Cards, StoreError};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseConnection, DbErr,
    EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use shop_kernel::{Clock, CustomerId, PaymentMethodId};

use super::books::store_error;
use super::rows::{payment_method, payment_method_key};

/// How long an idempotency key is remembered.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(24);
/// More cards than anyone has; more than this is somebody trying numbers.
pub(crate) const MOST_CARDS: u64 = 20;

/// A request to store a card, as far as its repetition must be told from another.
#[derive(Debug, Clone)]
pub(crate) struct StoreKey {
    pub(crate) customer: CustomerId,
    pub(crate) key: String,
    pub(crate) fingerprint: String,
}

/// What a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing yet.
    Nothing,
    /// This very request, and this is what it stored.
    Same(CardOnFile),
    /// Another request.
    Other,
}

/// The cards on file, in SQL.
#[derive(Debug, Clone)]
pub(crate) struct Methods {
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
}

impl Methods {
    pub(crate) fn new(db: DatabaseConnection, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    /// A customer's cards, oldest first.
    pub(crate) async fn of(&self, customer: CustomerId) -> Result<Vec<CardOnFile>, DbErr> {
        let rows =
            owned_by(customer).order_by_asc(payment_method::Column::Id).all(&self.db).await?;
        Ok(rows.into_iter().map(CardOnFile::from).collect())
    }

    /// Whether the customer may store another card.
    pub(crate) async fn has_room(&self, customer: CustomerId) -> Result<bool, DbErr> {
        Ok(owned_by(customer).count(&self.db).await? < MOST_CARDS)
    }

    /// What an idempotency key stands for.
    pub(crate) async fn known(&self, ask: &StoreKey) -> Result<Known, DbErr> {
        self.known_in(&self.db, ask).await
    }

    async fn known_in(&self, db: &impl ConnectionTrait, ask: &StoreKey) -> Result<Known, DbErr> {
        let key = (ask.customer.uuid(), ask.key.clone());
        let found = payment_method_key::Entity::find_by_id(key).one(db).await?;
        let forgotten = self.clock.now() - KEYS_KEPT;
        let Some(found) = found.filter(|key| key.created_at > forgotten) else {
            return Ok(Known::Nothing);
        };
        if found.fingerprint != ask.fingerprint {
            return Ok(Known::Other);
        }
        let stored = payment_method::Entity::find_by_id(found.method_id).one(db).await?;
        Ok(stored.map_or(Known::Nothing, |row| Known::Same(row.into())))
    }

    /// Stores a card under its key; or finds what another request under that key has stored.
    pub(crate) async fn store(&self, ask: &StoreKey, card: CardOnFile) -> Result<Known, DbErr> {
        let now = self.clock.now();
        let tx = chassis_db::begin(&self.db).await?;
        payment_method_key::Entity::delete_many()
            .filter(payment_method_key::Column::CustomerId.eq(ask.customer.uuid()))
            .filter(payment_method_key::Column::CreatedAt.lte(now - KEYS_KEPT))
            .exec(&tx)
            .await?;
        let key = payment_method_key::ActiveModel {
            customer_id: Set(ask.customer.uuid()),
            key: Set(ask.key.clone()),
            fingerprint: Set(ask.fingerprint.clone()),
            method_id: Set(card.id.uuid()),
            created_at: Set(now),
        };
        let written = payment_method_key::Entity::insert(key).exec_without_returning(&tx).await;
        match written {
            Ok(_) => {}
            Err(error) if chassis_db::is_unique_violation(&error) => {
                tx.rollback().await?;
                return self.known(ask).await;
            }
            Err(error) => return Err(error),
        }
        let row = payment_method::ActiveModel {
            id: Set(card.id.uuid()),
            customer_id: Set(card.owner.uuid()),
            token: Set(card.token.as_str().to_owned()),
            brand: Set(card.brand.clone()),
            last4: Set(card.last4.clone()),
            created_at: Set(now),
            removed_at: Set(None),
        };
        payment_method::Entity::insert(row).exec_without_returning(&tx).await?;
        tx.commit().await?;
        Ok(Known::Same(card))
    }

    /// Removes a customer's card; `false` when there is none. Charges under way go on.
    pub(crate) async fn remove(
        &self,
        customer: CustomerId,
        id: PaymentMethodId,
    ) -> Result<bool, DbErr> {
        let now = self.clock.now();
        let removed = payment_method::Entity::update_many()
            .col_expr(payment_method::Column::RemovedAt, sea_orm::sea_query::Expr::value(now))
            .filter(payment_method::Column::Id.eq(id.uuid()))
            .filter(payment_method::Column::CustomerId.eq(customer.uuid()))
            .filter(payment_method::Column::RemovedAt.is_null())
            .exec(&self.db)
            .await?;
        Ok(removed.rows_affected == 1)
    }
}

fn owned_by(customer: CustomerId) -> sea_orm::Select<payment_method::Entity> {
    payment_method::Entity::find()
        .filter(payment_method::Column::CustomerId.eq(customer.uuid()))
        .filter(payment_method::Column::RemovedAt.is_null())
}

#[async_trait]
impl Cards for Methods {
    async fn find(&self, id: PaymentMethodId) -> Result<Option<CardOnFile>, StoreError> {
        let found = payment_method::Entity::find_by_id(id.uuid())
            .filter(payment_method::Column::RemovedAt.is_null())
            .one(&self.db)
            .await;
        Ok(found.map_err(store_error)?.map(CardOnFile::from))
    }
}
