//! How much of each product there is, and the three ways in which that changes.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{CaseStatement, ExprTrait as _, Query, SimpleExpr};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use shop_contracts::catalog::StockLine;
use shop_kernel::ProductId;

/// A row of `stock`. Its constraints forbid either count below zero.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock")]
pub struct Model {
    /// The product.
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: Uuid,
    /// How many can be bought.
    pub available: i64,
    /// How many are held for orders.
    pub held: i64,
}

/// What a count belongs to.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The product.
    #[sea_orm(
        belongs_to = "super::product::Entity",
        from = "Column::ProductId",
        to = "super::product::Column::Id"
    )]
    Product,
}

impl Related<super::product::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Product.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

/// How many of each product are available; nobody else changes these rows before `tx` ends.
///
/// They are locked in the order of their ids, whatever the order of the lines: two orders that
/// share products wait for each other instead of dying of it. SQLite has one writer at a time.
///
/// # Errors
/// When the store refuses.
pub async fn lock_available(
    tx: &impl ConnectionTrait,
    lines: &[StockLine],
) -> Result<BTreeMap<ProductId, i64>, DbErr> {
    let mut rows = Entity::find()
        .filter(Column::ProductId.is_in(lines.iter().map(|line| line.product.uuid())))
        .order_by_asc(Column::ProductId);
    if chassis_db::is_postgres(tx) {
        rows = rows.lock_exclusive();
    }
    let rows = rows.all(tx).await?;
    Ok(rows.into_iter().map(|row| (ProductId::from_uuid(row.product_id), row.available)).collect())
}

/// Moves the lines from available to held, and tells in how many rows there was enough to do so.
///
/// # Errors
/// When the store refuses.
pub async fn hold(tx: &impl ConnectionTrait, lines: &[StockLine]) -> Result<u64, DbErr> {
    let update = Query::update()
        .table(Entity)
        .value(Column::Available, Expr::col(Column::Available).sub(wanted(lines)))
        .value(Column::Held, Expr::col(Column::Held).add(wanted(lines)))
        .and_where(Expr::col(Column::ProductId).is_in(products(lines)))
        .and_where(Expr::col(Column::Available).gte(wanted(lines)))
        .to_owned();
    Ok(tx.execute(&update).await?.rows_affected())
}

/// Moves the lines back from held to available, and tells in how many rows.
///
/// # Errors
/// When the store refuses.
pub async fn free(tx: &impl ConnectionTrait, lines: &[StockLine]) -> Result<u64, DbErr> {
    let update = Query::update()
        .table(Entity)
        .value(Column::Available, Expr::col(Column::Available).add(wanted(lines)))
        .value(Column::Held, Expr::col(Column::Held).sub(wanted(lines)))
        .and_where(Expr::col(Column::ProductId).is_in(products(lines)))
        .and_where(Expr::col(Column::Held).gte(wanted(lines)))
        .to_owned();
    Ok(tx.execute(&update).await?.rows_affected())
}

/// Adds `delta` to what is available, and gives the new row; none when it would fall below zero
/// or there is no such product.
///
/// # Errors
/// When the store refuses.
pub async fn adjust(
    tx: &impl ConnectionTrait,
    product: ProductId,
    delta: i64,
) -> Result<Option<Model>, DbErr> {
    let rows = Entity::update_many()
        .col_expr(Column::Available, Expr::col(Column::Available).add(delta))
        .filter(Column::ProductId.eq(product.uuid()))
        .filter(Expr::col(Column::Available).add(delta).gte(0))
        .exec_with_returning(tx)
        .await?;
    Ok(rows.into_iter().next())
}

fn products(lines: &[StockLine]) -> impl Iterator<Item = Uuid> {
    lines.iter().map(|line| line.product.uuid())
}

/// How many of the row's product the lines want.
fn wanted(lines: &[StockLine]) -> SimpleExpr {
    let each = lines.iter().fold(CaseStatement::new(), |cases, line| {
        let is_it = Expr::col(Column::ProductId).eq(line.product.uuid());
        cases.case(is_it, i64::from(line.quantity.get()))
    });
    each.finally(0_i64).into()
}
