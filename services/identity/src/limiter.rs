//! How often something may happen: counted in the store, so that replicas count together.

use std::sync::Arc;

use aws_lc_rs::digest;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseConnection, DbErr, EntityTrait as _,
    QueryFilter as _, QueryTrait as _, Set,
};
use shop_kernel::Clock;

use crate::store::limit::{ActiveModel, Column, Entity};

/// So often, in such a time.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The most.
    pub max: u32,
    /// From the first one on.
    pub window: TimeDelta,
}

/// Whether one more was allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Turn {
    /// It counts.
    Taken,
    /// It was one too many.
    Refused {
        /// When the window ends.
        retry_after: TimeDelta,
    },
}

/// Counts what may not happen too often.
#[derive(Debug, Clone)]
pub struct Limiter {
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
}

/// Names what is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A key made of the purpose and whom it is counted for.
    #[must_use]
    pub fn of(purpose: &str, parts: &[&str]) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        for part in [purpose].iter().chain(parts) {
            hash.update(part.as_bytes());
            hash.update(b"\0");
        }
        let hash = hash.finish();
        Self(hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl Limiter {
    /// A limiter that counts in this store.
    #[must_use]
    pub fn new(db: DatabaseConnection, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    /// Counts one more, unless it is too many.
    ///
    /// Counting comes before the work and in one statement, so that a hundred at once are not all
    /// the first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn take(&self, key: &Key, limit: Limit) -> Result<Turn, DbErr> {
        let now = self.clock.now();
        let counted = self.db.query_one(&count_one(key, now, now + limit.window)).await?;
        let row = counted.ok_or_else(|| DbErr::RecordNotFound("a count".to_owned()))?;
        let count: i64 = row.try_get("", "count")?;
        let ends_at: i64 = row.try_get("", "ends_at")?;
        if count <= i64::from(limit.max) {
            return Ok(Turn::Taken);
        }
        let retry_after = TimeDelta::microseconds(ends_at - now.timestamp_micros());
        Ok(Turn::Refused { retry_after })
    }

    /// Takes back one count: what it was for did not happen.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn give_back(&self, key: &Key) -> Result<(), DbErr> {
        let update = Query::update()
            .table(Entity)
            .value(Column::Count, Expr::col(Column::Count).sub(1))
            .and_where(Expr::col(Column::Key).eq(key.0.as_str()))
            .and_where(Expr::col(Column::Count).gt(0))
            .to_owned();
        self.db.execute(&update).await.map(drop)
    }

    /// Forgets what was counted.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn forget(&self, key: &Key) -> Result<(), DbErr> {
        Entity::delete_by_id(key.0.clone()).exec(&self.db).await.map(drop)
    }

    /// Drops counts whose window has ended.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sweep(&self) -> Result<(), DbErr> {
        let now = self.clock.now().timestamp_micros();
        Entity::delete_many().filter(Column::EndsAt.lte(now)).exec(&self.db).await.map(drop)
    }
}

fn count_one(
    key: &Key,
    now: DateTime<Utc>,
    ends_at: DateTime<Utc>,
) -> sea_orm::sea_query::InsertStatement {
    let (now, ends_at) = (now.timestamp_micros(), ends_at.timestamp_micros());
    let row = ActiveModel { key: Set(key.0.clone()), count: Set(1), ends_at: Set(ends_at) };
    let (count, end) = (Expr::col((Entity, Column::Count)), Expr::col((Entity, Column::EndsAt)));
    let is_over = end.clone().lte(now);
    let conflict = OnConflict::column(Column::Key)
        .value(
            Column::Count,
            CaseStatement::new().case(is_over.clone(), 1_i64).finally(count.add(1)),
        )
        .value(Column::EndsAt, CaseStatement::new().case(is_over, ends_at).finally(end))
        .to_owned();
    let mut insert = Entity::insert(row).into_query();
    insert
        .on_conflict(conflict)
        .returning(Query::returning().columns([Column::Count, Column::EndsAt]));
    insert
}
