//! The tables of identity.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, blob, integer, string, string_null, string_uniq, text, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid,
};

/// Every migration, oldest first.
#[must_use]
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(CreateIdentity)]
}

struct CreateIdentity;

impl MigrationName for CreateIdentity {
    fn name(&self) -> &'static str {
        "m0001_identity"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreateIdentity {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for table in [customers(), sessions(), refresh_tokens(), signing_keys(), limits()] {
            schema.create_table(table).await?;
        }
        let db = schema.get_connection();
        for statement in [
            "CREATE INDEX ix_sessions_customer ON sessions (customer_id)",
            "CREATE INDEX ix_sessions_expiry ON sessions (expires_at)",
            "CREATE INDEX ix_refresh_tokens_session ON refresh_tokens (session_id)",
            "CREATE INDEX ix_limits_end ON limits (ends_at)",
        ] {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

fn customers() -> TableCreateStatement {
    Table::create()
        .table("customers")
        .col(uuid("id").primary_key())
        .col(string_uniq("email"))
        .col(string("name"))
        .col(string("locale"))
        .col(string("role"))
        .col(text("password_hash"))
        .col(timestamp_with_time_zone("created_at"))
        .to_owned()
}

fn sessions() -> TableCreateStatement {
    Table::create()
        .table("sessions")
        .col(uuid("id").primary_key())
        .col(uuid("customer_id"))
        .col(integer("newest"))
        .col(timestamp_with_time_zone("created_at"))
        .col(big_integer("expires_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(string_null("ended_because"))
        .foreign_key(
            ForeignKey::create()
                .from("sessions", "customer_id")
                .to("customers", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn refresh_tokens() -> TableCreateStatement {
    Table::create()
        .table("refresh_tokens")
        .col(string("hash").primary_key())
        .col(uuid("session_id"))
        .col(integer("place"))
        .col(timestamp_with_time_zone_null("used_at"))
        .col(string_null("salt"))
        .foreign_key(
            ForeignKey::create()
                .from("refresh_tokens", "session_id")
                .to("sessions", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn signing_keys() -> TableCreateStatement {
    Table::create()
        .table("signing_keys")
        .col(string("kid").primary_key())
        // Two instances that make a key at once collide here, and one of them takes the other's.
        .col(integer("generation").unique_key())
        .col(blob("private_pkcs8"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("signs_from"))
        .to_owned()
}

fn limits() -> TableCreateStatement {
    Table::create()
        .table("limits")
        .col(string("key").primary_key())
        .col(big_integer("count"))
        .col(big_integer("ends_at"))
        .to_owned()
}
