//! How an order is found by customer and by deadline.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) customer: Uuid,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) total_minor: i64,
    pub(crate) currency: String,
    pub(crate) placed_at: DateTimeUtc,
    pub(crate) expires_at: i64,
    pub(crate) request_key: Option<String>,
    pub(crate) traceparent: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
