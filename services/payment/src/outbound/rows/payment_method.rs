//! A row of `payment_methods`: all that is kept of a card.

use payment_core::domain::{CardOnFile, CardToken};
use sea_orm::entity::prelude::*;
use shop_kernel::{CustomerId, PaymentMethodId};

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_methods")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) customer_id: Uuid,
    pub(crate) token: String,
    pub(crate) brand: String,
    pub(crate) last4: String,
    pub(crate) created_at: DateTimeUtc,
    pub(crate) removed_at: Option<DateTimeUtc>,
}

impl From<Model> for CardOnFile {
    fn from(row: Model) -> Self {
        Self {
            id: PaymentMethodId::from_uuid(row.id),
            owner: CustomerId::from_uuid(row.customer_id),
            token: CardToken::new(row.token),
            brand: row.brand,
            last4: row.last4,
        }
    }
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
