//! The tables of this service. What must always hold is a constraint here, whatever the code does.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, integer, json_binary, string, string_uniq, text,
    timestamp_with_time_zone, uuid,
};

/// The migrations of the messaging tables and the keys, then this service's own.
#[must_use]
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let mut all = chassis_messaging::migrations();
    all.push(chassis::auth::migration());
    all.push(Box::new(CreateCatalog));
    all
}

struct CreateCatalog;

impl MigrationName for CreateCatalog {
    fn name(&self) -> &'static str {
        "m0002_catalog"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateCatalog {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            categories(),
            products(),
            stock(),
            adjustments(),
            idempotency_keys(),
            reservations(),
            reservation_lines(),
        ] {
            schema.create_table(table).await?;
        }
        let db = schema.get_connection();
        for statement in [
            // One per sort order of the list, each ending in the id that breaks ties.
            "CREATE INDEX ix_products_popular ON products (popularity DESC, id)",
            "CREATE INDEX ix_products_krw ON products (price_krw, id)",
            "CREATE INDEX ix_products_usd ON products (price_usd, id)",
            "CREATE INDEX ix_products_category ON products (category)",
            "CREATE INDEX ix_adjustments_product ON adjustments (product_id, id)",
            "CREATE INDEX ix_idempotency_keys_made_at ON idempotency_keys (made_at)",
        ] {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

fn categories() -> TableCreateStatement {
    Table::create()
        .table("categories")
        .col(string("slug").primary_key())
        .col(string("name_en"))
        .col(string("name_ko"))
        .col(integer("position"))
        .to_owned()
}

fn products() -> TableCreateStatement {
    Table::create()
        .table("products")
        .col(uuid("id").primary_key())
        .col(big_integer("version").check(Expr::col("version").gte(1)))
        .col(string_uniq("slug"))
        .col(string("category"))
        .col(text("name_en"))
        .col(text("name_ko"))
        .col(text("description_en"))
        .col(text("description_ko"))
        .col(big_integer("price_krw").check(Expr::col("price_krw").gte(1)))
        .col(big_integer("price_usd").check(Expr::col("price_usd").gte(1)))
        .col(string("picture"))
        .col(json_binary("tags"))
        .col(integer("popularity").check(Expr::col("popularity").gte(0)))
        .col(boolean("on_sale"))
        .col(timestamp_with_time_zone("added_at"))
        .foreign_key(ForeignKey::create().from("products", "category").to("categories", "slug"))
        .to_owned()
}

fn stock() -> TableCreateStatement {
    Table::create()
        .table("stock")
        .col(uuid("product_id").primary_key())
        .col(big_integer("available").check(Expr::col("available").gte(0)))
        .col(big_integer("held").check(Expr::col("held").gte(0)))
        .foreign_key(ForeignKey::create().from("stock", "product_id").to("products", "id"))
        .to_owned()
}

fn adjustments() -> TableCreateStatement {
    Table::create()
        .table("adjustments")
        .col(uuid("id").primary_key())
        .col(uuid("product_id"))
        .col(big_integer("delta"))
        .col(text("reason").check(Expr::cust("length(reason) > 0")))
        .col(string("made_by"))
        .col(timestamp_with_time_zone("made_at"))
        .foreign_key(ForeignKey::create().from("adjustments", "product_id").to("products", "id"))
        .to_owned()
}

/// Which request led to which row, so that a request sent twice is carried out once.
fn idempotency_keys() -> TableCreateStatement {
    Table::create()
        .table("idempotency_keys")
        .col(string("scope"))
        .col(string("key"))
        .col(json_binary("request"))
        .col(uuid("answer"))
        .col(timestamp_with_time_zone("made_at"))
        .primary_key(Index::create().col("scope").col("key"))
        .to_owned()
}

fn reservations() -> TableCreateStatement {
    let states = ["reserved", "rejected", "released", "tombstone"];
    Table::create()
        .table("reservations")
        .col(uuid("order_id").primary_key())
        .col(uuid("customer_id"))
        .col(string("state").check(Expr::col("state").is_in(states)))
        .col(timestamp_with_time_zone("changed_at"))
        .to_owned()
}

/// The products have no foreign key: an order may ask for one that does not exist, and is told so.
fn reservation_lines() -> TableCreateStatement {
    Table::create()
        .table("reservation_lines")
        .col(uuid("order_id"))
        .col(uuid("product_id"))
        .col(integer("quantity").check(Expr::col("quantity").between(1, 99)))
        .primary_key(Index::create().col("order_id").col("product_id"))
        .foreign_key(
            ForeignKey::create()
                .from("reservation_lines", "order_id")
                .to("reservations", "order_id"),
        )
        .to_owned()
}
