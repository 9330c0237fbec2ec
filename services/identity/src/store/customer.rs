//! A row per account.

use sea_orm::entity::prelude::*;
use serde::Serialize;
use shop_kernel::CustomerId;

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customers")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    /// In lower case; one account per address.
    #[sea_orm(unique)]
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) locale: Locale,
    pub(crate) role: Role,
    /// Argon2id in PHC form.
    pub(crate) password_hash: String,
    pub(crate) created_at: DateTimeUtc,
}

impl Model {
    pub(crate) fn id(&self) -> CustomerId {
        CustomerId::from_uuid(self.id)
    }
}

/// What an account may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Buys.
    Customer,
    /// Keeps the shop running.
    Operator,
}

/// The language an account is written to in, as the store names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "snake_case")]
pub(crate) enum Locale {
    En,
    Ko,
}

impl From<shop_kernel::Locale> for Locale {
    fn from(locale: shop_kernel::Locale) -> Self {
        match locale {
            shop_kernel::Locale::En => Self::En,
            shop_kernel::Locale::Ko => Self::Ko,
        }
    }
}

impl From<Locale> for shop_kernel::Locale {
    fn from(locale: Locale) -> Self {
        match locale {
            Locale::En => Self::En,
            Locale::Ko => Self::Ko,
        }
    }
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
