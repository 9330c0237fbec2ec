//! A row of `credit_accounts`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_accounts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) customer_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) currency: String,
    pub(crate) limit_minor: i64,
    pub(crate) used_minor: i64,
    /// Counts its changes.
    pub(crate) revision: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
