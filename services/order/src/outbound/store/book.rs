//! Finding orders by customer and by deadline, and forgetting old replies.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use order_core::ports::{OrderBook, OrderSummary, Overdue, PageQuery, Standing, StoreError};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use shop_kernel::{CustomerId, Money, OrderId};

use super::rows::order::{Column, Entity, Model};
use super::rows::reply;
use super::{Store, fault};

#[async_trait]
impl OrderBook for Store {
    async fn page(&self, query: &PageQuery) -> Result<Vec<OrderSummary>, StoreError> {
        let mut orders = Entity::find();
        if let Some(customer) = query.customer {
            orders = orders.filter(Column::Customer.eq(customer.uuid()));
        }
        if let Some(status) = query.status {
            orders = orders.filter(Column::Status.eq(status));
        }
        if let Some(before) = query.before {
            orders = orders.filter(Column::Id.lt(before.uuid()));
        }
        let rows = orders
            // Ids grow with time, and unlike times no two are equal.
            .order_by_desc(Column::Id)
            .limit(u64::from(query.limit))
            .all(&self.db)
            .await
            .map_err(fault::of)?;
        rows.into_iter().map(summary).collect()
    }

    async fn overdue(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Overdue>, StoreError> {
        let rows = Entity::find()
            .filter(Column::Status.eq(Standing::Provisional.name()))
            .filter(Column::ExpiresAt.lte(now.timestamp_micros()))
            .order_by_asc(Column::ExpiresAt)
            .limit(u64::from(limit))
            .all(&self.db)
            .await
            .map_err(fault::of)?;
        let overdue = |row: Model| Overdue {
            order: OrderId::from_uuid(row.id),
            traceparent: row.traceparent,
        };
        Ok(rows.into_iter().map(overdue).collect())
    }
}

impl Store {
    /// How many orders wait for a decision, and since when the oldest does.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn undecided(&self) -> Result<(u64, Option<DateTime<Utc>>), DbErr> {
        let counted: Option<(i64, Option<DateTime<Utc>>)> = Entity::find()
            .select_only()
            .column_as(Column::Id.count(), "count")
            .column_as(Column::PlacedAt.min(), "oldest")
            // A literal, and not a parameter: only so is it known that the partial index will do.
            .filter(Expr::cust("status = 'provisional'"))
            .into_tuple()
            .one(&self.db)
            .await?;
        let (count, oldest) = counted.unwrap_or_default();
        Ok((count.unsigned_abs(), oldest))
    }

    /// Forgets replies kept before then, and tells how many.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn forget_replies(&self, before: DateTime<Utc>) -> Result<u64, DbErr> {
        let forgotten = reply::Entity::delete_many()
            .filter(reply::Column::KeptAt.lt(before.timestamp_micros()))
            .exec(&self.db)
            .await?;
        Ok(forgotten.rows_affected)
    }
}

fn summary(row: Model) -> Result<OrderSummary, StoreError> {
    let broken = |what: &'static str| StoreError::Failed(format!("an order has no {what}").into());
    let reason = row.reason.map(serde_json::Value::String).map(serde_json::from_value);
    let reason = reason.transpose().map_err(|error| StoreError::Failed(error.into()))?;
    let currency = row.currency.parse().map_err(|_| broken("known currency"))?;
    Ok(OrderSummary {
        order: OrderId::from_uuid(row.id),
        customer: CustomerId::from_uuid(row.customer),
        standing: Standing::parse(&row.status, reason).ok_or_else(|| broken("known status"))?,
        total: Money::new(row.total_minor, currency),
        placed_at: row.placed_at,
    })
}
