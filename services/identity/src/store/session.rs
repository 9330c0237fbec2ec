//! A row per sign-in: the family its refresh tokens belong to.

use chrono::DateTime;
use sea_orm::entity::prelude::*;

use crate::refresh_token::Family;

/// A sign-in that lasts until it is ended or expires.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) customer_id: Uuid,
    /// The place of the newest refresh token.
    pub(crate) newest: i32,
    pub(crate) created_at: DateTimeUtc,
    /// In microseconds since 1970: SQLite's texts do not compare.
    pub(crate) expires_at: i64,
    pub(crate) ended_at: Option<DateTimeUtc>,
    pub(crate) ended_because: Option<Ending>,
}

impl Model {
    pub(crate) fn family(&self) -> Family {
        Family {
            newest: self.newest,
            expires_at: DateTime::from_timestamp_micros(self.expires_at).unwrap_or_default(),
            is_revoked: self.ended_at.is_some(),
        }
    }
}

/// Why a session ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "snake_case")]
pub(crate) enum Ending {
    /// Its holder signed out.
    SignedOut,
    /// An old refresh token came back.
    TokenReused,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
