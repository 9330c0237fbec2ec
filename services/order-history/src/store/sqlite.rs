//! Documents in SQLite: one JSON column, and beside it the few columns lists and sums look for.

mod migration;
mod sales;
mod write;

use async_trait::async_trait;
use chassis::auth::{JwkSet, KeyStore as _, SqlKeys};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement, Value,
};
use shop_kernel::OrderId;
use tokio::sync::{Mutex, broadcast};

use super::stored::{Stored, as_stored, corrupt};
use super::{
    Change, DaySales, Generation, Generations, HistoryStore, ListQuery, OpenError, Period,
    ProductSales, StoreError,
};
use crate::document::Document;
use write::write;

/// A reader who falls this far behind reads everything anew; a few seconds of a busy shop.
const CHANGES_KEPT: usize = 4_096;
/// Removed at a time, so that a discarded generation does not keep other writers waiting.
const DISCARDED_AT_ONCE: i64 = 500;

/// The store of the shop in one process. Generations are values of a column.
#[derive(Debug)]
pub struct SqliteStore {
    db: DatabaseConnection,
    /// SQLite has one writer at a time, and one who finds it busy sleeps: here they queue instead.
    writer: Mutex<()>,
    announce: broadcast::Sender<Change>,
}

impl SqliteStore {
    /// Opens the file at `url`, or makes it.
    ///
    /// # Errors
    /// When it cannot be opened or migrated.
    pub async fn open(url: &str, max_connections: u32) -> Result<Self, OpenError> {
        let db = chassis_db::open(url, max_connections, migration::all)
            .await
            .map_err(|error| OpenError::Failed(error.into()))?;
        Ok(Self { db, writer: Mutex::default(), announce: broadcast::Sender::new(CHANGES_KEPT) })
    }

    fn announce(&self, change: Change) {
        // An error means that nobody listens.
        let _ = self.announce.send(change);
    }

    async fn execute(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, StoreError> {
        let _writer = self.writer.lock().await;
        let done = self.db.execute_raw(statement(sql, values)).await.map_err(failed)?;
        Ok(done.rows_affected())
    }

    async fn rows(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<QueryResult>, StoreError> {
        self.db.query_all_raw(statement(sql, values)).await.map_err(failed)
    }

    async fn documents(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<Document>, StoreError> {
        self.rows(sql, values).await?.iter().map(document).collect()
    }
}

#[async_trait]
impl HistoryStore for SqliteStore {
    async fn generations(&self) -> Result<Generations, StoreError> {
        let rows = self.rows("SELECT state FROM generations", []).await?;
        let Some(row) = rows.first() else {
            return Ok(Generations::START);
        };
        let state: String = row.try_get("", "state").map_err(failed)?;
        serde_json::from_str(&state).map_err(corrupt)
    }

    async fn change_generations(&self, changed: &Generations) -> Result<(), StoreError> {
        let read = changed.revision;
        let changed = Generations { revision: read + 1, ..changed.clone() };
        let state = serde_json::to_string(&changed).map_err(corrupt)?;
        let written = if read == 0 {
            self.execute(
                "INSERT INTO generations (id, revision, state) VALUES (1, 1, ?) \
                 ON CONFLICT DO NOTHING",
                [state.into()],
            )
            .await?
        } else {
            self.execute(
                "UPDATE generations SET revision = revision + 1, state = ? WHERE revision = ?",
                [state.into(), as_stored(read).into()],
            )
            .await?
        };
        conflict_unless(written == 1)?;
        self.announce(Change::Everything);
        Ok(())
    }

    async fn prepare(&self, _: Generation) -> Result<(), StoreError> {
        Ok(())
    }

    async fn discard(&self, generation: Generation) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM documents WHERE rowid IN \
                           (SELECT rowid FROM documents WHERE generation = ? LIMIT ?)";
        let batch = || [generation.number().into(), DISCARDED_AT_ONCE.into()];
        while self.execute(SQL, batch()).await? > 0 {}
        Ok(())
    }

    async fn stored_generations(&self) -> Result<Vec<Generation>, StoreError> {
        let rows = self.rows("SELECT DISTINCT generation FROM documents", []).await?;
        rows.iter()
            .map(|row| row.try_get("", "generation").map(Generation::new).map_err(failed))
            .collect()
    }

    async fn find(
        &self,
        generation: Generation,
        order: OrderId,
    ) -> Result<Option<Document>, StoreError> {
        let sql = "SELECT document FROM documents WHERE generation = ? AND order_id = ?";
        let values = [generation.number().into(), order.to_string().into()];
        Ok(self.documents(sql, values).await?.pop())
    }

    async fn find_all(
        &self,
        generation: Generation,
        orders: &[OrderId],
    ) -> Result<Vec<Document>, StoreError> {
        let sql = "SELECT document FROM documents \
                   WHERE generation = ? AND order_id IN (SELECT value FROM json_each(?))";
        let orders = serde_json::to_string(orders).map_err(corrupt)?;
        self.documents(sql, [generation.number().into(), orders.into()]).await
    }

    async fn save_all(
        &self,
        generation: Generation,
        documents: &[(Document, u64)],
    ) -> Result<(), StoreError> {
        // One transaction: a commit for each would take most of the time.
        let writer = self.writer.lock().await;
        let tx = chassis_db::begin(&self.db).await.map_err(failed)?;
        for (document, read) in documents {
            write(&tx, generation, document, *read).await?;
        }
        tx.commit().await.map_err(failed)?;
        drop(writer);
        for (document, _) in documents {
            self.announce(Change::Order(document.order()));
        }
        Ok(())
    }

    async fn list(
        &self,
        generation: Generation,
        query: &ListQuery,
    ) -> Result<Vec<Document>, StoreError> {
        let mut sql =
            "SELECT document FROM documents WHERE generation = ? AND customer = ?".to_owned();
        let mut values: Vec<Value> =
            vec![generation.number().into(), query.customer.to_string().into()];
        if let Some(status) = query.status {
            sql.push_str(" AND status = ?");
            values.push(status.to_string().into());
        }
        if let Some(before) = query.before {
            sql.push_str(" AND order_id < ?");
            values.push(before.to_string().into());
        }
        sql.push_str(" ORDER BY order_id DESC LIMIT ?");
        values.push(query.limit.into());
        self.documents(&sql, values).await
    }

    async fn page(
        &self,
        generation: Generation,
        after: Option<OrderId>,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        let sql = "SELECT document FROM documents WHERE generation = ? AND order_id > ? \
                   ORDER BY order_id LIMIT ?";
        let after = after.map(|order| order.to_string()).unwrap_or_default();
        self.documents(sql, [generation.number().into(), after.into(), limit.into()]).await
    }

    async fn count(&self, generation: Generation) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) AS documents FROM documents WHERE generation = ?";
        let rows = self.rows(sql, [generation.number().into()]).await?;
        let count: Option<i64> =
            rows.first().map(|row| row.try_get("", "documents")).transpose().map_err(failed)?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }

    async fn sales_by_day(
        &self,
        generation: Generation,
        period: Period,
    ) -> Result<Vec<DaySales>, StoreError> {
        let values = sales::range(generation, period);
        self.rows(sales::BY_DAY, values).await?.iter().map(sales::day).collect()
    }

    async fn sales_by_product(
        &self,
        generation: Generation,
        period: Period,
        limit: u32,
    ) -> Result<Vec<ProductSales>, StoreError> {
        let values = sales::range(generation, period).into_iter().chain([limit.into()]);
        self.rows(sales::BY_PRODUCT, values).await?.iter().map(sales::product).collect()
    }

    async fn load_keys(&self) -> Result<JwkSet, StoreError> {
        let keys = SqlKeys(self.db.clone());
        keys.load().await.map_err(|error| StoreError::Refused(error.into()))
    }

    async fn save_keys(&self, keys: &JwkSet) -> Result<(), StoreError> {
        let kept = SqlKeys(self.db.clone());
        kept.save(keys).await.map_err(|error| StoreError::Refused(error.into()))
    }

    fn changes(&self) -> broadcast::Receiver<Change> {
        self.announce.subscribe()
    }

    async fn watch(&self) {
        // One process owns the file and announces its own writes.
        std::future::pending().await
    }

    async fn close(&self) {
        if let Err(error) = self.db.clone().close().await {
            tracing::debug!(%error, "the store was not closed in order");
        }
    }

    async fn is_up(&self) -> bool {
        chassis_db::is_up(&self.db).await
    }
}

fn statement(sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

fn document(row: &QueryResult) -> Result<Document, StoreError> {
    let document: String = row.try_get("", "document").map_err(failed)?;
    let stored: Stored = serde_json::from_str(&document).map_err(corrupt)?;
    Ok(stored.into())
}

fn conflict_unless(written: bool) -> Result<(), StoreError> {
    if written { Ok(()) } else { Err(StoreError::Conflict) }
}

fn failed(error: DbErr) -> StoreError {
    if chassis_db::is_unavailable(&error) {
        StoreError::Unavailable(error.into())
    } else {
        StoreError::Refused(error.into())
    }
}
