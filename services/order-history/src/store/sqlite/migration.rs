//! The tables of the SQLite store.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, string, string_null, text, text_null};

pub(super) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![chassis::auth::migration(), Box::new(CreateDocuments)]
}

struct CreateDocuments;

impl MigrationName for CreateDocuments {
    fn name(&self) -> &'static str {
        "m0001_documents"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateDocuments {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema
            .create_table(
                Table::create()
                    .table("generations")
                    .col(integer("id").primary_key().check(Expr::col("id").eq(1)))
                    .col(big_integer("revision"))
                    .col(text("state"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("documents")
                    .col(integer("generation"))
                    .col(string("order_id"))
                    .col(big_integer("revision"))
                    .col(text("document"))
                    .col(string_null("customer"))
                    .col(string_null("status"))
                    .col(string_null("sold_on"))
                    .col(text_null("sale"))
                    .primary_key(Index::create().col("generation").col("order_id"))
                    .to_owned(),
            )
            .await?;
        let db = schema.get_connection();
        for index in [
            "CREATE INDEX documents_of_customer ON documents (generation, customer, order_id)",
            "CREATE INDEX documents_sold_on ON documents (generation, sold_on) \
             WHERE sold_on IS NOT NULL",
        ] {
            db.execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.drop_table(Table::drop().table("documents").to_owned()).await?;
        schema.drop_table(Table::drop().table("generations").to_owned()).await
    }
}
