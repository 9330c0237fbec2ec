//! The tables of email, after those of messaging.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, json_binary, string, text_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid,
};

/// Every migration, oldest first.
#[must_use]
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let mut all = chassis_messaging::migrations();
    all.push(chassis::auth::migration());
    all.push(Box::new(CreateMails));
    all
}

struct CreateMails;

impl MigrationName for CreateMails {
    fn name(&self) -> &'static str {
        "m0002_mails"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateMails {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.create_table(contacts()).await?;
        schema.create_table(mails()).await?;
        // One mail per order and kind, whatever happens above this line.
        let unique = "CREATE UNIQUE INDEX ux_mails_order_kind ON mails (order_id, kind)";
        schema.get_connection().execute_unprepared(unique).await?;
        Ok(())
    }
}

fn contacts() -> TableCreateStatement {
    Table::create()
        .table("contacts")
        .col(uuid("order_id").primary_key())
        .col(uuid("customer_id"))
        .col(string("name"))
        .col(string("email"))
        .col(string("locale"))
        .col(json_binary("lines"))
        .col(big_integer("total_minor"))
        .col(string("currency"))
        .to_owned()
}

fn mails() -> TableCreateStatement {
    Table::create()
        .table("mails")
        .col(uuid("id").primary_key())
        .col(uuid("order_id"))
        .col(uuid("customer_id"))
        .col(string("kind"))
        .col(json_binary("news"))
        .col(string("state"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("settled_at"))
        .col(text_null("recipient"))
        .col(text_null("subject"))
        .col(text_null("text"))
        .col(text_null("html"))
        .col(text_null("reason"))
        .to_owned()
}
