//! The tables of this service. What must always hold is a constraint here, whatever the code does.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, integer, json_binary, string, text, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null, uuid_uniq,
};

/// The migrations of the chassis, then this service's own.
#[must_use]
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let mut all = chassis_messaging::migrations();
    all.push(chassis::auth::migration());
    all.push(Box::new(CreateOrderTables));
    all
}

struct CreateOrderTables;

impl MigrationName for CreateOrderTables {
    fn name(&self) -> &'static str {
        "order_0001_tables"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateOrderTables {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for table in
            [events(), snapshots(), orders(), open_carts(), replies(), prices(), price_list()]
        {
            schema.create_table(table).await?;
        }
        let db = schema.get_connection();
        for statement in [
            "CREATE INDEX ix_orders_customer ON orders (customer, id)",
            // The watchdog looks only at what is provisional, which is next to nothing.
            "CREATE INDEX ix_orders_provisional ON orders (expires_at) \
             WHERE status = 'provisional'",
            "CREATE INDEX ix_replies_kept_at ON replies (kept_at)",
            "INSERT INTO price_list (id, feed_after) VALUES (1, 0)",
        ] {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// One row per thing that happened. The key is what makes writers on one stream take turns.
fn events() -> TableCreateStatement {
    Table::create()
        .table("events")
        .col(uuid("stream_id"))
        .col(big_integer("version"))
        .col(string("kind"))
        .col(integer("schema"))
        .col(json_binary("data"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(uuid_null("cause"))
        .col(text_null("traceparent"))
        .primary_key(Index::create().col("stream_id").col("version"))
        .to_owned()
}

fn snapshots() -> TableCreateStatement {
    Table::create()
        .table("snapshots")
        .col(uuid("stream_id").primary_key())
        .col(big_integer("version"))
        .col(integer("schema"))
        .col(json_binary("state"))
        .to_owned()
}

/// How orders are found by customer and by deadline; everything in it follows from the events.
fn orders() -> TableCreateStatement {
    Table::create()
        .table("orders")
        .col(uuid("id").primary_key())
        .col(uuid("customer"))
        .col(string("status"))
        .col(text_null("reason"))
        .col(big_integer("total_minor"))
        .col(string("currency"))
        .col(timestamp_with_time_zone("placed_at"))
        // Microseconds since 1970: compared inside SQL, and SQLite has no time type.
        .col(big_integer("expires_at"))
        .col(text_null("request_key"))
        .col(text_null("traceparent"))
        .to_owned()
}

/// One open cart per owner.
fn open_carts() -> TableCreateStatement {
    Table::create()
        .table("open_carts")
        .col(string("owner").primary_key())
        .col(uuid_uniq("cart"))
        .to_owned()
}

fn replies() -> TableCreateStatement {
    Table::create()
        .table("replies")
        .col(uuid("customer"))
        .col(string("operation"))
        .col(string("request_key"))
        .col(string("fingerprint"))
        .col(uuid("order_id"))
        .col(text("body"))
        .col(big_integer("kept_at"))
        .primary_key(Index::create().col("customer").col("operation").col("request_key"))
        .to_owned()
}

fn prices() -> TableCreateStatement {
    Table::create()
        .table("prices")
        .col(uuid("product").primary_key())
        .col(big_integer("version"))
        .col(json_binary("data"))
        .to_owned()
}

/// One row: how far the copy of the price list has come.
fn price_list() -> TableCreateStatement {
    Table::create()
        .table("price_list")
        .col(integer("id").primary_key())
        .col(big_integer("feed_after"))
        .col(timestamp_with_time_zone_null("loaded_at"))
        .col(timestamp_with_time_zone_null("checked_at"))
        .to_owned()
}
