//! Tokenised cards, and the idempotency keys they were stored under.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    string, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

pub(super) struct CreatePaymentMethods;

impl MigrationName for CreatePaymentMethods {
    fn name(&self) -> &'static str {
        "payment_0003_payment_methods"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreatePaymentMethods {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let methods = Table::create()
            .table("payment_methods")
            .col(uuid("id").primary_key())
            .col(uuid("customer_id"))
            .col(string("token"))
            .col(string("brand"))
            .col(string("last4"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("removed_at"))
            .to_owned();
        schema.create_table(methods).await?;
        let keys = Table::create()
            .table("payment_method_keys")
            .col(uuid("customer_id"))
            .col(string("key"))
            .col(string("fingerprint"))
            .col(uuid("method_id"))
            .col(timestamp_with_time_zone("created_at"))
            .primary_key(Index::create().col("customer_id").col("key"))
            .to_owned();
        schema.create_table(keys).await?;
        let db = schema.get_connection();
        db.execute_unprepared(
            "CREATE INDEX ix_payment_methods_customer ON payment_methods (customer_id)",
        )
        .await?;
        Ok(())
    }
}
