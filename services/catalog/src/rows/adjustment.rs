//! Why there is as much of a product as there is: the sum of these is available plus held.

use sea_orm::entity::prelude::*;

/// A row of `adjustments`; never changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "adjustments")]
pub struct Model {
    /// Names the adjustment; later ones sort after earlier ones.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The product.
    pub product_id: Uuid,
    /// How many more there are, or fewer when negative.
    pub delta: i64,
    /// Why.
    pub reason: String,
    /// Who says so: an account's id, or `seed`.
    pub made_by: String,
    /// When.
    pub made_at: DateTimeUtc,
}

/// The reason of every product's first adjustment.
pub const INITIAL: &str = "initial";

/// Nothing is loaded through an adjustment.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
