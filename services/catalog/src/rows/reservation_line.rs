//! What an order asked for.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder as _, Set};
use shop_contracts::catalog::StockLine;
use shop_kernel::{OrderId, ProductId, Quantity};

/// A row of `reservation_lines`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reservation_lines")]
pub struct Model {
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    /// The product.
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: Uuid,
    /// How many.
    pub quantity: i32,
}

/// Nothing is loaded through a line.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The line as others read it.
    ///
    /// # Errors
    /// When the row holds a count its constraint forbids.
    pub fn line(&self) -> Result<StockLine, DbErr> {
        let count = u32::try_from(self.quantity).ok().and_then(|count| Quantity::new(count).ok());
        let quantity = count.ok_or_else(|| {
            DbErr::Type(format!("a reservation holds {} of a product", self.quantity))
        })?;
        Ok(StockLine { product: ProductId::from_uuid(self.product_id), quantity })
    }
}

/// Writes the lines of an order.
///
/// # Errors
/// When the store refuses.
pub async fn write(
    tx: &impl ConnectionTrait,
    order: OrderId,
    lines: &[StockLine],
) -> Result<(), DbErr> {
    let rows = lines.iter().map(|line| ActiveModel {
        order_id: Set(order.uuid()),
        product_id: Set(line.product.uuid()),
        // A quantity is at most 99.
        quantity: Set(i32::try_from(line.quantity.get()).unwrap_or(i32::MAX)),
    });
    Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// The lines of an order, in the order of their products.
///
/// # Errors
/// When the store does not answer.
pub async fn of_order(db: &impl ConnectionTrait, order: OrderId) -> Result<Vec<StockLine>, DbErr> {
    let rows = Entity::find()
        .filter(Column::OrderId.eq(order.uuid()))
        .order_by_asc(Column::ProductId)
        .all(db)
        .await?;
    rows.iter().map(Model::line).collect()
}
