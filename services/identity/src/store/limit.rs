//! A row per thing that is counted in a window of time.

use sea_orm::entity::prelude::*;

/// How often something happened since its window began.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "limits")]
pub(crate) struct Model {
    /// A hash: neither addresses nor accounts are kept for this.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) key: String,
    pub(crate) count: i64,
    /// In microseconds since 1970.
    pub(crate) ends_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
