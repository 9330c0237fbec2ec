//! What was decided about the stock of an order. The row itself is the lock: one order, one row.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryTrait as _, Set};
use serde::Serialize;
use shop_kernel::{CustomerId, OrderId};
use utoipa::ToSchema;

/// A row of `reservations`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reservations")]
pub struct Model {
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Uuid,
    /// Whose it is.
    pub customer_id: Uuid,
    /// What was decided.
    pub state: State,
    /// When.
    pub changed_at: DateTimeUtc,
}

/// Where the stock of an order stands. Only `reserved` ever becomes another: `released`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, ToSchema)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[schema(as = ReservationState)]
pub enum State {
    /// Every line is held.
    Reserved,
    /// Something was short, so nothing is held.
    Rejected,
    /// What was held is free again.
    Released,
    /// Cancelled before it was heard of: nothing will ever be held.
    Tombstone,
}

/// Lines name their order; nothing is loaded through it.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Writes what is decided about an order nothing was decided about; `false` when something was.
///
/// Two messages that race for one order are settled here: the second waits for the first.
///
/// # Errors
/// When the store refuses.
pub async fn decide(
    tx: &impl ConnectionTrait,
    order: OrderId,
    customer: CustomerId,
    state: State,
    at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let row = ActiveModel {
        order_id: Set(order.uuid()),
        customer_id: Set(customer.uuid()),
        state: Set(state),
        changed_at: Set(at),
    };
    let mut insert = Entity::insert(row).into_query();
    insert.on_conflict(OnConflict::column(Column::OrderId).do_nothing().to_owned());
    Ok(tx.execute(&insert).await?.rows_affected() == 1)
}

/// Turns a decision into another; `false` when it was not `from`.
///
/// # Errors
/// When the store refuses.
pub async fn turn(
    tx: &impl ConnectionTrait,
    order: OrderId,
    from: State,
    to: State,
    at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let turned = Entity::update_many()
        .set(ActiveModel { state: Set(to), changed_at: Set(at), ..Default::default() })
        .filter(Column::OrderId.eq(order.uuid()))
        .filter(Column::State.eq(from))
        .exec(tx)
        .await?;
    Ok(turned.rows_affected == 1)
}
