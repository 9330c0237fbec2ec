//! Payments, tombstones included.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, string, string_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

pub(super) struct CreatePayments;

impl MigrationName for CreatePayments {
    fn name(&self) -> &'static str {
        "payment_0001_payments"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreatePayments {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let payments = Table::create()
            .table("payments")
            .col(uuid("id").primary_key())
            .col(uuid("order_id").unique_key())
            .col(uuid("customer_id"))
            .col(uuid("refund_id").unique_key())
            .col(string("status"))
            .col(big_integer_null("amount_minor"))
            .col(string_null("currency"))
            .col(string_null("method_kind"))
            .col(uuid_null("method_id"))
            .col(timestamp_with_time_zone_null("expires_at"))
            .col(string_null("token"))
            .col(string_null("brand"))
            .col(string_null("last4"))
            .col(boolean("is_cancelled").default(false))
            .col(string_null("failure"))
            .col(integer("refusals").default(0))
            .col(boolean("was_parked").default(false))
            .col(string_null("park_reason"))
            .col(timestamp_with_time_zone_null("charged_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .col(big_integer("version"))
            .col(big_integer("revision"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned();
        schema.create_table(payments).await?;
        let db = schema.get_connection();
        // An operator looks for these few among all there ever were.
        db.execute_unprepared(
            "CREATE INDEX ix_payments_parked ON payments (id) WHERE status = 'refund-parked'",
        )
        .await?;
        Ok(())
    }
}
