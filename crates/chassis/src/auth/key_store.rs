//! The keys of identity as the service last saw them, kept in its own store.

use async_trait::async_trait;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseConnection, Set};
use sea_orm_migration::prelude::{ColumnDef, MigrationName, MigrationTrait, SchemaManager, Table};

/// Keeps keys over a restart, so that a service that starts while identity is away still serves.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// The keys saved last; empty when none ever were.
    async fn load(&self) -> anyhow::Result<JwkSet>;

    /// Replaces them all.
    async fn save(&self, keys: &JwkSet) -> anyhow::Result<()>;
}

/// Keys in the table `jwks`; add [`migration`] to the service's own.
#[derive(Debug, Clone)]
pub struct SqlKeys(pub DatabaseConnection);

#[async_trait]
impl KeyStore for SqlKeys {
    async fn load(&self) -> anyhow::Result<JwkSet> {
        let rows = row::Entity::find().all(&self.0).await?;
        let keys = rows.into_iter().map(|row| serde_json::from_str::<Jwk>(&row.jwk));
        Ok(JwkSet { keys: keys.collect::<Result<_, _>>()? })
    }

    async fn save(&self, keys: &JwkSet) -> anyhow::Result<()> {
        let mut rows = Vec::new();
        for key in &keys.keys {
            let Some(kid) = key.common.key_id.clone() else {
                continue;
            };
            let jwk = serde_json::to_string(key)?;
            rows.push(row::ActiveModel { kid: Set(kid), jwk: Set(jwk) });
        }
        let tx = chassis_db::begin(&self.0).await?;
        row::Entity::delete_many().exec(&tx).await?;
        if !rows.is_empty() {
            row::Entity::insert_many(rows).exec_without_returning(&tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Keeps nothing, for a service without a store: after a start it is ready when identity has answered.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeys;

#[async_trait]
impl KeyStore for NoKeys {
    async fn load(&self) -> anyhow::Result<JwkSet> {
        Ok(JwkSet { keys: Vec::new() })
    }

    async fn save(&self, _: &JwkSet) -> anyhow::Result<()> {
        Ok(())
    }
}

mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "jwks")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(super) kid: String,
        pub(super) jwk: String,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Makes the table; belongs into the migrations of every service that keeps keys in SQL.
#[must_use]
pub fn migration() -> Box<dyn MigrationTrait> {
    Box::new(CreateKeys)
}

struct CreateKeys;

impl MigrationName for CreateKeys {
    fn name(&self) -> &'static str {
        "chassis_0001_jwks"
    }
}

#[async_trait]
impl MigrationTrait for CreateKeys {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("jwks")
            .col(ColumnDef::new("kid").string().not_null().primary_key())
            .col(ColumnDef::new("jwk").text().not_null())
            .to_owned();
        manager.create_table(table).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
