//! Something that happened.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) stream_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) version: i64,
    pub(crate) kind: String,
    pub(crate) schema: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) data: Json,
    pub(crate) recorded_at: DateTimeUtc,
    pub(crate) cause: Option<Uuid>,
    pub(crate) traceparent: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
