//! The tables of this crate: outbox, publish counter, inbox and due work.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, integer, json_binary, string, text_null, timestamp_with_time_zone, uuid, uuid_null,
};

/// The migrations a service runs before its own.
#[must_use]
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(CreateMessagingTables), Box::new(IndexParkedWork)]
}

struct CreateMessagingTables;

impl MigrationName for CreateMessagingTables {
    fn name(&self) -> &'static str {
        "m0001_messaging"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateMessagingTables {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(outbox()).await?;
        schema.create_table(publish_counter()).await?;
        schema.create_table(inbox()).await?;
        schema.create_table(due_work()).await?;

        let db = schema.get_connection();
        for statement in [
            "INSERT INTO publish_counter (id, last) VALUES (1, 0)",
            // The relay looks only at what is not published yet, which is next to nothing.
            "CREATE INDEX ix_outbox_pending ON outbox (id) WHERE published_no IS NULL",
            "CREATE UNIQUE INDEX ux_outbox_published ON outbox (published_no) \
             WHERE published_no IS NOT NULL",
            "CREATE INDEX ix_inbox_correlation ON inbox (correlation_id)",
            "CREATE INDEX ix_due_work_open ON due_work (kind, due_at) WHERE state = 'open'",
            "CREATE INDEX ix_due_work_subject ON due_work (subject)",
        ] {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// What is parked is counted again and again, among all that was ever done.
struct IndexParkedWork;

impl MigrationName for IndexParkedWork {
    fn name(&self) -> &'static str {
        "m0002_index_parked_work"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for IndexParkedWork {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX ix_due_work_parked ON due_work (kind) WHERE state = 'parked'";
        schema.get_connection().execute_unprepared(index).await.map(drop)
    }
}

fn outbox() -> TableCreateStatement {
    Table::create()
        .table("outbox")
        .col(uuid("id").primary_key())
        .col(string("kind"))
        .col(string("source"))
        .col(string("subject"))
        .col(big_integer("version"))
        .col(uuid_null("correlation_id"))
        .col(uuid_null("causation_id"))
        .col(text_null("traceparent"))
        .col(timestamp_with_time_zone("time"))
        .col(json_binary("data"))
        .col(uuid_null("leased_by"))
        .col(big_integer("leased_until").default(0))
        .col(ColumnDef::new("published_no").big_integer().null())
        .to_owned()
}

fn publish_counter() -> TableCreateStatement {
    Table::create()
        .table("publish_counter")
        .col(integer("id").primary_key())
        .col(big_integer("last"))
        .to_owned()
}

fn inbox() -> TableCreateStatement {
    Table::create()
        .table("inbox")
        .col(string("consumer"))
        .col(uuid("message_id"))
        .col(string("kind"))
        .col(string("subject"))
        .col(uuid_null("correlation_id"))
        .col(text_null("customer"))
        .col(text_null("traceparent"))
        .col(integer("attempt"))
        .col(timestamp_with_time_zone("received_at"))
        .col(timestamp_with_time_zone("committed_at"))
        .primary_key(Index::create().col("consumer").col("message_id"))
        .to_owned()
}

fn due_work() -> TableCreateStatement {
    Table::create()
        .table("due_work")
        .col(uuid("id").primary_key())
        .col(string("kind"))
        .col(string("subject"))
        .col(uuid_null("correlation_id"))
        .col(text_null("traceparent"))
        .col(json_binary("payload"))
        .col(string("state"))
        .col(integer("attempts").default(0))
        .col(big_integer("due_at"))
        .col(uuid_null("leased_by"))
        .col(big_integer("leased_until").default(0))
        .col(text_null("last_error"))
        .col(timestamp_with_time_zone("created_at"))
        .to_owned()
}
