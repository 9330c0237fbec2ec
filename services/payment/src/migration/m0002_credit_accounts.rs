//! Store credit, one account per customer and currency.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, string, uuid};

pub(super) struct CreateCreditAccounts;

impl MigrationName for CreateCreditAccounts {
    fn name(&self) -> &'static str {
        "payment_0002_credit_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateCreditAccounts {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let accounts = Table::create()
            .table("credit_accounts")
            .col(uuid("customer_id"))
            .col(string("currency"))
            .col(big_integer("limit_minor"))
            .col(big_integer("used_minor"))
            .col(big_integer("revision"))
            .primary_key(Index::create().col("customer_id").col("currency"))
            .to_owned();
        schema.create_table(accounts).await
    }
}
