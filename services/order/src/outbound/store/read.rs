//! Reading streams, and everything a checkout must know, in one trip each.

use async_trait::async_trait;
use order_core::domain::cart_event::CartOwner;
use order_core::domain::history::StreamId;
use order_core::domain::stored::{Recorded, Snapshot, Stored, StoredEvent};
use order_core::ports::{
    Appended, Change, CheckoutDesk, Desk, EventStore, Prices, Reply, RequestKey, StoreError, Until,
};
use sea_orm::{
    ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _, FromQueryResult, JsonValue,
    QueryFilter as _, QueryOrder as _, Statement, Value,
};
use shop_kernel::{CartId, OrderId, ProductId};
use uuid::Uuid;

use super::rows::event::{self, Column};
use super::writes::{form, signed};
use super::{Store, fault, price_list};

/// A snapshot and the events after it; `$1` names the stream, `$2` the form of snapshots.
const STREAM: &str = "\
    SELECT 1 AS part, version, schema, CAST(NULL AS text) AS word, CAST(NULL AS text) AS body, \
        state AS data, CAST(NULL AS timestamptz) AS recorded_at, CAST(NULL AS uuid) AS id \
    FROM snapshots WHERE stream_id = {stream} AND schema = $2 \
    UNION ALL \
    SELECT 2, version, schema, kind, traceparent, data, recorded_at, cause \
    FROM events WHERE stream_id = {stream} AND version > COALESCE( \
        (SELECT version FROM snapshots WHERE stream_id = {stream} AND schema = $2), 0)";

/// The reply kept under a key.
const REPLY: &str = "\
    UNION ALL \
    SELECT 3, 0, 0, fingerprint, body, CAST(NULL AS jsonb), \
        CAST(NULL AS timestamptz), order_id \
    FROM replies WHERE customer = $3 AND operation = $4 AND request_key = $5";

/// Whether the price list is loaded, and products of it.
const PRICES: &str = "\
    UNION ALL \
    SELECT 4, 0, 0, CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS jsonb), loaded_at, \
        CAST(NULL AS uuid) \
    FROM price_list WHERE loaded_at IS NOT NULL \
    UNION ALL \
    SELECT 5, version, 0, CAST(NULL AS text), CAST(NULL AS text), data, \
        CAST(NULL AS timestamptz), product \
    FROM prices WHERE product IN ({products})";

/// A row of any part.
#[derive(FromQueryResult)]
struct Row {
    part: i32,
    version: i64,
    schema: i32,
    word: Option<String>,
    body: Option<String>,
    data: Option<JsonValue>,
    recorded_at: Option<chrono::DateTime<chrono::Utc>>,
    id: Option<Uuid>,
}

#[async_trait]
impl EventStore for Store {
    async fn load(&self, stream: StreamId, snapshot_schema: u32) -> Result<Stored, StoreError> {
        let values = [stream.uuid().into(), form(snapshot_schema).into()];
        let rows = rows(&self.db, &stream_of("$1"), values).await.map_err(fault::of)?;
        Ok(stored(rows))
    }

    async fn history(&self, stream: StreamId, until: Until) -> Result<Vec<Recorded>, StoreError> {
        let mut query = event::Entity::find().filter(Column::StreamId.eq(stream.uuid()));
        if let Until::Version(version) = until {
            query = query.filter(Column::Version.lte(signed(version)));
        }
        let events = query.order_by_asc(Column::Version).all(&self.db).await.map_err(fault::of)?;
        // Compared here: SQLite has no time type, and a stream is short.
        let is_in = |event: &event::Model| match until {
            Until::Now | Until::Version(_) => true,
            Until::Time(time) => event.recorded_at <= time,
        };
        Ok(events.into_iter().take_while(is_in).map(Recorded::from).collect())
    }

    async fn open_cart(
        &self,
        owner: CartOwner,
        snapshot_schema: u32,
    ) -> Result<Stored, StoreError> {
        let sql = stream_of("(SELECT cart FROM open_carts WHERE owner = $1)");
        let values = [owner.to_string().into(), form(snapshot_schema).into()];
        Ok(stored(rows(&self.db, &sql, values).await.map_err(fault::of)?))
    }

    async fn append(&self, change: Change) -> Result<Appended, StoreError> {
        self.write(&change).await
    }
}

#[async_trait]
impl CheckoutDesk for Store {
    async fn look(
        &self,
        key: &RequestKey,
        cart: CartId,
        snapshot_schema: u32,
        products: &[ProductId],
    ) -> Result<Desk, StoreError> {
        let first_product = 6;
        let products_sql = placeholders(first_product, products.len());
        let sql =
            stream_of("$1") + " " + REPLY + " " + &PRICES.replace("{products}", &products_sql);
        let mut values: Vec<Value> = vec![cart.uuid().into(), form(snapshot_schema).into()];
        values.extend(key_values(key));
        values.extend(products.iter().map(|product| Value::from(product.uuid())));

        let rows = rows(&self.db, &sql, values).await.map_err(fault::of)?;
        desk(rows)
    }

    async fn reply(&self, key: &RequestKey) -> Result<Option<Reply>, StoreError> {
        use super::rows::reply::{Column, Entity};
        let row = Entity::find()
            .filter(Column::Customer.eq(key.customer.uuid()))
            .filter(Column::Operation.eq(key.operation.name()))
            .filter(Column::RequestKey.eq(key.key.as_str()))
            .one(&self.db)
            .await
            .map_err(fault::of)?;
        Ok(row.map(|row| Reply {
            fingerprint: row.fingerprint,
            order: OrderId::from_uuid(row.order_id),
            body: row.body,
        }))
    }
}

fn stream_of(stream: &str) -> String {
    STREAM.replace("{stream}", stream)
}

fn key_values(key: &RequestKey) -> [Value; 3] {
    [key.customer.uuid().into(), key.operation.name().into(), key.key.as_str().into()]
}

/// `$first, …` for so many values; something that matches nothing for none.
pub(super) fn placeholders(first: usize, count: usize) -> String {
    if count == 0 {
        return "NULL".to_owned();
    }
    let names: Vec<_> = (first..first + count).map(|number| format!("${number}")).collect();
    names.join(", ")
}

async fn rows(
    db: &DatabaseConnection,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Row>, DbErr> {
    let backend = db.get_database_backend();
    let statement =
        Statement::from_sql_and_values(backend, format!("{sql} ORDER BY part, version"), values);
    Row::find_by_statement(statement).all(db).await
}

fn stored(rows: impl IntoIterator<Item = Row>) -> Stored {
    let mut stored = Stored::default();
    for row in rows {
        take(&mut stored, row);
    }
    stored
}

fn take(stored: &mut Stored, row: Row) {
    let (version, schema) = (row.version.unsigned_abs(), row.schema.unsigned_abs());
    let data = row.data.unwrap_or_default();
    if row.part == 1 {
        stored.snapshot = Some(Snapshot { version, schema, state: data });
    } else if let Some(at) = row.recorded_at {
        let event = StoredEvent { kind: row.word.unwrap_or_default(), schema, data };
        let (cause, traceparent) = (row.id, row.body);
        stored.events.push(Recorded { version, at, cause, traceparent, event });
    }
}

fn desk(rows: Vec<Row>) -> Result<Desk, StoreError> {
    let mut desk = Desk { reply: None, cart: Stored::default(), prices: Prices::Loading };
    let (mut is_loaded, mut listed) = (false, Vec::new());
    for row in rows {
        match (row.part, row.id) {
            (1 | 2, _) => take(&mut desk.cart, row),
            (3, Some(order)) => {
                desk.reply = Some(Reply {
                    fingerprint: row.word.unwrap_or_default(),
                    order: OrderId::from_uuid(order),
                    body: row.body.unwrap_or_default(),
                });
            }
            (4, _) => is_loaded = true,
            (5, Some(product)) => {
                listed.push(price_list::listed(
                    product,
                    row.version,
                    row.data.unwrap_or_default(),
                )?);
            }
            _ => {}
        }
    }
    if is_loaded {
        desk.prices = Prices::Listed(listed);
    }
    Ok(desk)
}

impl From<event::Model> for Recorded {
    fn from(row: event::Model) -> Self {
        Self {
            version: row.version.unsigned_abs(),
            at: row.recorded_at,
            cause: row.cause,
            traceparent: row.traceparent,
            event: StoredEvent {
                kind: row.kind,
                schema: row.schema.unsigned_abs(),
                data: row.data,
            },
        }
    }
}
