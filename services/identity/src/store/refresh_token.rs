//! A row per refresh token: its hash, never the token.

use sea_orm::entity::prelude::*;

use crate::refresh_token::{Salt, Stored};

/// A refresh token that was handed out.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) hash: String,
    pub(crate) session_id: Uuid,
    pub(crate) place: i32,
    pub(crate) used_at: Option<DateTimeUtc>,
    /// What turned it into its successor.
    pub(crate) salt: Option<String>,
}

impl From<Model> for Stored {
    fn from(row: Model) -> Self {
        Self { place: row.place, used: row.used_at.zip(row.salt.map(Salt)) }
    }
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
