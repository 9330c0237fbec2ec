//! What the audit asks of this store: every order folded anew, and what must never be found.

use std::collections::BTreeMap;

use order_core::domain::history::CorruptHistory;
use order_core::domain::order::Order;
use order_core::domain::stored::{Recorded, Stored};
use order_core::ports::{Standing, StoreError};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Statement,
};
use shop_kernel::OrderId;
use uuid::Uuid;

use super::rows::{event, order};
use super::{Store, fault};

/// Streams whose versions are not 1, 2, 3 …, with what they have instead.
const BROKEN: &str = "\
    SELECT stream_id, COUNT(*) AS events, MAX(version) AS last FROM events \
    GROUP BY stream_id \
    HAVING COUNT(*) <> MAX(version) OR COUNT(DISTINCT version) <> COUNT(*) LIMIT 100";

/// Request keys with more than one order, less than `$1` microseconds apart.
const DOUBLED: &str = "\
    SELECT customer, request_key, COUNT(*) AS orders FROM orders \
    WHERE request_key IS NOT NULL GROUP BY customer, request_key \
    HAVING COUNT(*) > 1 AND MAX(expires_at) - MIN(expires_at) < $1 LIMIT 100";

/// A stream with a gap or a double.
#[derive(Debug, FromQueryResult)]
pub struct BrokenStream {
    /// Its bare id.
    pub stream_id: Uuid,
    /// How many events it has.
    pub events: i64,
    /// The last version.
    pub last: i64,
}

/// A request that placed more than one order.
#[derive(Debug, FromQueryResult)]
pub struct DoubledKey {
    /// Who asked.
    pub customer: Uuid,
    /// The operation and the key.
    pub request_key: String,
    /// How many orders there are.
    pub orders: i64,
}

/// What must never be found, and counts behind it.
#[derive(Debug)]
pub struct Findings {
    /// Orders there are.
    pub orders: u64,
    /// Orders that are still provisional.
    pub open: u64,
    /// Streams with gaps or doubles.
    pub broken: Vec<BrokenStream>,
    /// Requests that placed more than one order.
    pub doubled: Vec<DoubledKey>,
}

/// An order folded from its events.
#[derive(Debug)]
pub struct AuditedOrder {
    /// The order.
    pub order: Order,
    /// The last version.
    pub version: u64,
    /// Whether the list of orders says the same as the events.
    pub is_listed_right: bool,
}

impl Store {
    /// Looks for what must never be found; a key may be used again after `keep_micros`.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn findings(&self, keep_micros: i64) -> Result<Findings, StoreError> {
        let backend = self.db.get_database_backend();
        let broken = Statement::from_string(backend, BROKEN);
        let doubled = Statement::from_sql_and_values(backend, DOUBLED, [keep_micros.into()]);
        let provisional = order::Column::Status.eq(Standing::Provisional.name());
        let open = order::Entity::find().filter(provisional).count(&self.db);
        Ok(Findings {
            orders: order::Entity::find().count(&self.db).await.map_err(fault::of)?,
            open: open.await.map_err(fault::of)?,
            broken: BrokenStream::find_by_statement(broken)
                .all(&self.db)
                .await
                .map_err(fault::of)?,
            doubled: DoubledKey::find_by_statement(doubled)
                .all(&self.db)
                .await
                .map_err(fault::of)?,
        })
    }

    /// Folds a page of orders from their events, in the order of their ids.
    ///
    /// # Errors
    /// When the store does not answer or a history makes no sense.
    pub async fn audited(
        &self,
        after: Option<OrderId>,
        limit: u64,
    ) -> Result<Vec<AuditedOrder>, StoreError> {
        let mut page = order::Entity::find().order_by_asc(order::Column::Id).limit(limit);
        if let Some(after) = after {
            page = page.filter(order::Column::Id.gt(after.uuid()));
        }
        let rows = page.all(&self.db).await.map_err(fault::of)?;
        let mut streams = self.streams(rows.iter().map(|row| row.id)).await?;
        rows.iter().map(|row| audited(row, streams.remove(&row.id).unwrap_or_default())).collect()
    }

    async fn streams(
        &self,
        ids: impl Iterator<Item = Uuid>,
    ) -> Result<BTreeMap<Uuid, Stored>, StoreError> {
        let events = event::Entity::find()
            .filter(event::Column::StreamId.is_in(ids))
            .order_by_asc(event::Column::Version)
            .all(&self.db)
            .await
            .map_err(fault::of)?;
        let mut streams: BTreeMap<Uuid, Stored> = BTreeMap::new();
        for event in events {
            let stream = streams.entry(event.stream_id).or_default();
            stream.events.push(Recorded::from(event));
        }
        Ok(streams)
    }
}

fn audited(row: &order::Model, stored: Stored) -> Result<AuditedOrder, StoreError> {
    let present = stored.rebuild::<Order>()?;
    let order = present.state.ok_or(CorruptHistory::OutOfPlace("nothing"))?;
    let standing = Standing::from(order.status());
    let is_listed_right = row.status == standing.name()
        && row.reason == standing.reason().map(|reason| reason.to_string())
        && row.total_minor == order.total().minor;
    Ok(AuditedOrder { order, version: present.version, is_listed_right })
}
