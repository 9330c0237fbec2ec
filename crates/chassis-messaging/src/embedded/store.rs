//! The file of the embedded broker: one table of messages, a row per queue a message goes to.

use std::path::Path;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, Value};
use sea_orm::{DatabaseConnection, QueryOrder as _, QuerySelect as _, Select};
use sea_orm_migration::prelude::{MigrationName, MigrationTrait, SchemaManager};
use shop_contracts::RawEnvelope;
use shop_kernel::{Clock as _, SystemClock};

use crate::broker::{DeadLetter, readable};

/// One message in one queue.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub(super) struct Model {
    #[sea_orm(primary_key)]
    pub(super) id: i64,
    pub(super) queue: String,
    pub(super) message_id: Uuid,
    pub(super) body: String,
    pub(super) attempt: i32,
    /// Microseconds since 1970; 0 for at once.
    pub(super) visible_at: i64,
    pub(super) dead_reason: Option<String>,
    pub(super) dead_at: Option<DateTimeUtc>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a start finds in the file.
#[derive(Debug, sea_orm::FromQueryResult)]
pub(super) struct Waiting {
    pub(super) id: i64,
    pub(super) queue: String,
    pub(super) visible_at: i64,
}

#[derive(Debug)]
pub(super) struct Store {
    db: DatabaseConnection,
}

impl Store {
    pub(super) async fn open(path: &Path) -> Result<Self, chassis_db::OpenError> {
        let url = format!("sqlite://{}?mode=rwc", path.display());
        let db = chassis_db::open(&url, 1, || vec![Box::new(CreateMessages)]).await?;
        Ok(Self { db })
    }

    pub(super) async fn waiting(&self) -> Result<Vec<Waiting>, DbErr> {
        Entity::find()
            .select_only()
            .columns([Column::Id, Column::Queue, Column::VisibleAt])
            .filter(Column::DeadAt.is_null())
            .order_by_asc(Column::Id)
            .into_model()
            .all(&self.db)
            .await
    }

    /// Adds messages to queues, all or none, and tells their row ids in order.
    pub(super) async fn add(
        &self,
        rows: &[(&'static str, &RawEnvelope)],
    ) -> Result<Vec<i64>, DbErr> {
        let tx = chassis_db::begin(&self.db).await?;
        let mut ids = Vec::with_capacity(rows.len());
        for (queue, message) in rows {
            let body = serde_json::to_string(message)
                .map_err(|error| DbErr::Custom(format!("a message has no JSON form: {error}")))?;
            let insert = Query::insert()
                .into_table(Entity)
                .columns([
                    Column::Queue,
                    Column::MessageId,
                    Column::Body,
                    Column::Attempt,
                    Column::VisibleAt,
                ])
                .values_panic([
                    (*queue).into(),
                    message.id.into(),
                    body.into(),
                    1.into(),
                    0_i64.into(),
                ])
                .to_owned();
            let inserted = tx.execute(&insert).await?;
            ids.push(i64::try_from(inserted.last_insert_id()).unwrap_or(i64::MAX));
        }
        tx.commit().await?;
        Ok(ids)
    }

    pub(super) async fn read(&self, id: i64) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::DeadAt.is_null()).one(&self.db).await
    }

    pub(super) async fn remove(&self, id: i64) -> Result<(), DbErr> {
        Entity::delete_by_id(id).exec(&self.db).await?;
        Ok(())
    }

    pub(super) async fn delay(&self, id: i64, attempt: u32, visible_at: i64) -> Result<(), DbErr> {
        let attempt = i32::try_from(attempt).unwrap_or(i32::MAX);
        self.update(id, [(Column::Attempt, attempt.into()), (Column::VisibleAt, visible_at.into())])
            .await
    }

    pub(super) async fn bury(&self, id: i64, reason: &str) -> Result<(), DbErr> {
        let now = Some(SystemClock.now());
        self.update(id, [(Column::DeadReason, reason.into()), (Column::DeadAt, now.into())]).await
    }

    pub(super) async fn count_dead(&self, queue: &str) -> Result<u64, DbErr> {
        dead_in(queue).count(&self.db).await
    }

    pub(super) async fn dead_letters(
        &self,
        queue: &str,
        limit: u64,
    ) -> Result<Vec<DeadLetter>, DbErr> {
        let rows = dead_in(queue).order_by_asc(Column::DeadAt).limit(limit).all(&self.db).await?;
        Ok(rows.into_iter().map(DeadLetter::from).collect())
    }

    /// Makes dead letters ordinary messages again, and tells their row ids.
    pub(super) async fn revive(&self, queue: &str, only: Option<Uuid>) -> Result<Vec<i64>, DbErr> {
        let tx = chassis_db::begin(&self.db).await?;
        let mut dead = dead_in(queue);
        if let Some(message) = only {
            dead = dead.filter(Column::MessageId.eq(message));
        }
        let rows = dead.order_by_asc(Column::DeadAt).all(&tx).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        Entity::update_many()
            .col_expr(Column::DeadAt, Expr::value(Option::<DateTimeUtc>::None))
            .col_expr(Column::DeadReason, Expr::value(Option::<String>::None))
            .col_expr(Column::Attempt, Expr::value(1))
            .col_expr(Column::VisibleAt, Expr::value(0_i64))
            .filter(Column::Id.is_in(ids.iter().copied()))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        Ok(ids)
    }

    pub(super) async fn discard(&self, queue: &str, message: Uuid) -> Result<bool, DbErr> {
        let deleted = Entity::delete_many()
            .filter(Column::Queue.eq(queue))
            .filter(Column::MessageId.eq(message))
            .filter(Column::DeadAt.is_not_null())
            .exec(&self.db)
            .await?;
        Ok(deleted.rows_affected > 0)
    }

    async fn update<const N: usize>(
        &self,
        id: i64,
        values: [(Column, Value); N],
    ) -> Result<(), DbErr> {
        let update = Query::update()
            .table(Entity)
            .values(values.map(|(column, value)| (column, Expr::value(value))))
            .and_where(Expr::col(Column::Id).eq(id))
            .to_owned();
        self.db.execute(&update).await?;
        Ok(())
    }
}

fn dead_in(queue: &str) -> Select<Entity> {
    Entity::find().filter(Column::Queue.eq(queue)).filter(Column::DeadAt.is_not_null())
}

impl From<Model> for DeadLetter {
    fn from(row: Model) -> Self {
        Self {
            message_id: row.message_id,
            reason: row.dead_reason.unwrap_or_default(),
            attempts: row.attempt.unsigned_abs(),
            dead_at: row.dead_at,
            body: readable(row.body.as_bytes()),
        }
    }
}

struct CreateMessages;

impl MigrationName for CreateMessages {
    fn name(&self) -> &'static str {
        "m0001_messages"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateMessages {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let db = schema.get_connection();
        for statement in [
            // AUTOINCREMENT: an id is never used twice, so a late answer cannot hit another message.
            "CREATE TABLE messages (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                queue TEXT NOT NULL,
                message_id uuid_text NOT NULL,
                body TEXT NOT NULL,
                attempt INTEGER NOT NULL,
                visible_at INTEGER NOT NULL,
                dead_reason TEXT,
                dead_at TEXT
            )",
            "CREATE INDEX ix_messages_dead ON messages (queue, dead_at) WHERE dead_at IS NOT NULL",
        ] {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
