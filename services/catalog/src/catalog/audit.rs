//! What the audit of the whole shop compares: products first, then orders.

use std::collections::HashMap;

use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::Serialize;
use shop_contracts::catalog::StockLine;
use shop_kernel::{CustomerId, OrderId, ProductId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Catalog, Page};
use crate::rows::reservation::State;
use crate::rows::{adjustment, reservation, reservation_line, stock};

/// One thing the audit looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuditItem {
    /// A product: `adjusted` must be `available` plus `held`.
    Product {
        /// The product.
        #[schema(value_type = String)]
        product: ProductId,
        /// The sum of all its adjustments.
        adjusted: i64,
        /// How many can be bought.
        available: i64,
        /// How many are held for orders.
        held: i64,
    },
    /// An order: only `reserved` holds its lines.
    Order {
        /// The order.
        #[schema(value_type = String)]
        order: OrderId,
        /// Whose it is.
        #[schema(value_type = String)]
        customer: CustomerId,
        /// What was decided.
        state: State,
        /// What it asked for; empty for a tombstone.
        #[schema(value_type = Vec<Object>)]
        lines: Vec<StockLine>,
    },
}

/// Where the audit goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditCursor {
    /// After this product; then the orders.
    Products(Option<Uuid>),
    /// After this order.
    Orders(Option<Uuid>),
}

impl AuditCursor {
    /// The place as a client carries it.
    #[must_use]
    pub fn to_text(self) -> String {
        let (kind, id) = match self {
            Self::Products(id) => ('p', id),
            Self::Orders(id) => ('o', id),
        };
        format!("{kind}{}", id.map(|id| id.simple().to_string()).unwrap_or_default())
    }

    /// Reads a place back; none when the text is not one this service gave out.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (kind, id) = text.split_at_checked(1)?;
        let id = if id.is_empty() { None } else { Some(Uuid::try_parse(id).ok()?) };
        match kind {
            "p" => Some(Self::Products(id)),
            "o" => Some(Self::Orders(id)),
            _ => None,
        }
    }
}

impl Catalog {
    /// A stretch of everything the audit looks at.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audit(
        &self,
        from: AuditCursor,
        limit: usize,
    ) -> Result<Page<AuditItem, AuditCursor>, DbErr> {
        match from {
            AuditCursor::Products(after) => {
                let page = self.audit_products(after, limit).await?;
                let next = page.next.or(Some(AuditCursor::Orders(None)));
                Ok(Page { next, ..page })
            }
            AuditCursor::Orders(after) => self.audit_orders(after, limit).await,
        }
    }

    async fn audit_products(
        &self,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<AuditItem, AuditCursor>, DbErr> {
        let mut rows = stock::Entity::find().order_by_asc(stock::Column::ProductId);
        if let Some(after) = after {
            rows = rows.filter(stock::Column::ProductId.gt(after));
        }
        let rows = rows.limit(limit as u64 + 1).all(&self.db).await?;
        let page = Page::of(rows, limit, |row| AuditCursor::Products(Some(row.product_id)));
        let ids = page.items.iter().map(|row| row.product_id);
        // PostgreSQL sums integers into decimals, which nothing here wants.
        let sum = adjustment::Column::Delta.into_expr().sum().cast_as("bigint");
        let sums: Vec<(Uuid, i64)> = adjustment::Entity::find()
            .filter(adjustment::Column::ProductId.is_in(ids))
            .select_only()
            .column(adjustment::Column::ProductId)
            .expr(sum)
            .group_by(adjustment::Column::ProductId)
            .into_tuple()
            .all(&self.db)
            .await?;
        let sums: HashMap<Uuid, i64> = sums.into_iter().collect();
        Ok(page.map(|row| AuditItem::Product {
            product: ProductId::from_uuid(row.product_id),
            adjusted: sums.get(&row.product_id).copied().unwrap_or_default(),
            available: row.available,
            held: row.held,
        }))
    }

    async fn audit_orders(
        &self,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Page<AuditItem, AuditCursor>, DbErr> {
        let mut rows = reservation::Entity::find().order_by_asc(reservation::Column::OrderId);
        if let Some(after) = after {
            rows = rows.filter(reservation::Column::OrderId.gt(after));
        }
        let rows = rows.limit(limit as u64 + 1).all(&self.db).await?;
        let page = Page::of(rows, limit, |row| AuditCursor::Orders(Some(row.order_id)));
        let ids = page.items.iter().map(|row| row.order_id);
        let found = reservation_line::Entity::find()
            .filter(reservation_line::Column::OrderId.is_in(ids))
            .order_by_asc(reservation_line::Column::ProductId)
            .all(&self.db)
            .await?;
        let mut lines: HashMap<Uuid, Vec<StockLine>> = HashMap::new();
        for row in found {
            lines.entry(row.order_id).or_default().push(row.line()?);
        }
        Ok(page.map(|row| AuditItem::Order {
            order: OrderId::from_uuid(row.order_id),
            customer: CustomerId::from_uuid(row.customer_id),
            state: row.state,
            lines: lines.get(&row.order_id).cloned().unwrap_or_default(),
        }))
    }
}
