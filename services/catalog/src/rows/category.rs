//! A category of products.

use sea_orm::entity::prelude::*;
use shop_kernel::LocalizedText;

/// A row of `categories`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "categories")]
pub struct Model {
    /// Its name in addresses.
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    /// Its name in English.
    pub name_en: String,
    /// Its name in Korean.
    pub name_ko: String,
    /// Its place among the others.
    pub position: i32,
}

/// Products name their category by its slug; nothing is loaded through it.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> LocalizedText {
        LocalizedText { en: self.name_en.clone(), ko: self.name_ko.clone() }
    }
}
