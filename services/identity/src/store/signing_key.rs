//! A row per signing key.

use sea_orm::entity::prelude::*;

/// A key that signs, will sign or has signed tokens.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_keys")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) kid: String,
    /// Counts the keys from 1.
    #[sea_orm(unique)]
    pub(crate) generation: i32,
    pub(crate) private_pkcs8: Vec<u8>,
    pub(crate) created_at: DateTimeUtc,
    /// Verifiers know it by then.
    pub(crate) signs_from: DateTimeUtc,
}

// Written out so that no log line ever holds the key.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
