//! Snapshots taken on demand.

use async_trait::async_trait;
use order_core::domain::cart::Cart;
use order_core::domain::history::{Aggregate as _, StreamId};
use order_core::domain::order::Order;
use order_core::domain::stored::Snapshot;
use order_core::ports::{SnapshotShelf, StoreError};
use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement};
use shop_kernel::{CartId, OrderId};
use uuid::Uuid;

use super::writes::{form, keep, signed};
use super::{Store, fault};

/// Reads every stream; the verb that asks for it runs at night.
const DUE: &str = "\
    SELECT e.stream_id AS stream_id, \
        MAX(CASE WHEN e.version = 1 AND e.kind = 'placed' THEN 1 ELSE 0 END) AS is_order \
    FROM events e LEFT JOIN snapshots s ON s.stream_id = e.stream_id \
    GROUP BY e.stream_id, s.version, s.schema \
    HAVING MAX(e.version) - CASE WHEN s.schema = \
        CASE WHEN MAX(CASE WHEN e.version = 1 AND e.kind = 'placed' THEN 1 ELSE 0 END) = 1 \
        THEN $1 ELSE $2 END THEN s.version ELSE 0 END >= $3 \
    LIMIT $4";

#[derive(FromQueryResult)]
struct Due {
    stream_id: Uuid,
    is_order: i32,
}

#[async_trait]
impl SnapshotShelf for Store {
    async fn due(&self, min_events: u64, limit: u32) -> Result<Vec<StreamId>, StoreError> {
        let values = [
            form(Order::SNAPSHOT_SCHEMA).into(),
            form(Cart::SNAPSHOT_SCHEMA).into(),
            signed(min_events).into(),
            i64::from(limit).into(),
        ];
        let backend = self.db.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, DUE, values);
        let due = Due::find_by_statement(statement).all(&self.db).await.map_err(fault::of)?;
        let stream = |due: Due| match due.is_order {
            1 => StreamId::Order(OrderId::from_uuid(due.stream_id)),
            _ => StreamId::Cart(CartId::from_uuid(due.stream_id)),
        };
        Ok(due.into_iter().map(stream).collect())
    }

    async fn keep(&self, stream: StreamId, snapshot: &Snapshot) -> Result<(), StoreError> {
        let insert = keep(stream, snapshot);
        self.db.execute(&insert).await.map(drop).map_err(fault::of)
    }
}
