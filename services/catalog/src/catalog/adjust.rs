//! Counting stock anew: deliveries, breakage, stocktaking. Each leaves a reason.

use chrono::{DateTime, Utc};
use garde::Validate;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Set,
};
use serde::{Deserialize, Serialize};
use shop_kernel::ProductId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Catalog, Fault, Page};
use crate::product::can_be_stored;
use crate::rows::idempotency::{self, Claim};
use crate::rows::{adjustment, stock};

/// A change of what is available, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjust {
    /// How many more there are, or fewer when negative; never zero.
    #[garde(range(min = -1_000_000, max = 1_000_000), custom(is_a_change))]
    pub delta: i64,
    /// Why; the book of record of this shop's stock.
    #[garde(length(chars, min = 3, max = 200), custom(can_be_stored))]
    pub reason: String,
}

/// How much of a product there is, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct StockCount {
    /// How many can be bought.
    pub available: i64,
    /// How many are held for orders.
    pub held: i64,
}

/// An adjustment that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Adjustment {
    /// Names it.
    pub id: Uuid,
    /// How many more there were, or fewer when negative.
    pub delta: i64,
    /// Why.
    pub reason: String,
    /// Who said so: an account's id, or `seed`.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
}

/// An adjustment, and the stock it led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Adjusted {
    /// What was done.
    pub adjustment: Adjustment,
    /// What there is now.
    pub stock: StockCount,
}

/// Why stock was not adjusted.
#[derive(Debug, thiserror::Error)]
pub enum AdjustError {
    /// There is no such product.
    #[error("there is no such product")]
    NotFound,
    /// There are fewer than would be taken away; what is held stays held.
    #[error("fewer are available than would be taken away")]
    BelowZero {
        /// How many are available.
        available: i64,
    },
    /// The idempotency key was used for another request.
    #[error("the key was used for another request")]
    KeyReused,
    /// The world failed.
    #[error("could not adjust the stock")]
    Fault(#[from] Fault),
}

impl From<DbErr> for AdjustError {
    fn from(error: DbErr) -> Self {
        Self::Fault(error.into())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "garde hands both in by reference")]
fn is_a_change(delta: &i64, (): &()) -> garde::Result {
    if *delta == 0 { Err(garde::Error::new("must not be zero")) } else { Ok(()) }
}

impl From<stock::Model> for StockCount {
    fn from(row: stock::Model) -> Self {
        Self { available: row.available, held: row.held }
    }
}

impl From<adjustment::Model> for Adjustment {
    fn from(row: adjustment::Model) -> Self {
        let adjustment::Model { id, delta, reason, made_by, made_at, .. } = row;
        Self { id, delta, reason, made_by, made_at }
    }
}

impl Catalog {
    /// Adds to or takes from what is available, on behalf of `by`; the same `key` does it once.
    ///
    /// # Errors
    /// When there is no such product or too few of it, the key was used otherwise, or the store
    /// fails.
    pub async fn adjust(
        &self,
        product: ProductId,
        request: &Adjust,
        by: &str,
        key: &str,
    ) -> Result<Adjusted, AdjustError> {
        let now = self.clock.now();
        let id = Uuid::now_v7();
        let scope = format!("{by} adjust {product}");
        let tx = chassis_db::begin(&self.db).await?;
        match idempotency::claim(&tx, &scope, key, request, id, now).await? {
            Claim::First => {}
            Claim::Reused => return Err(AdjustError::KeyReused),
            Claim::Again(id) => {
                tx.rollback().await?;
                return self.adjusted(product, id).await;
            }
        }
        let Some(stock) = stock::adjust(&tx, product, request.delta).await? else {
            let found = stock::Entity::find_by_id(product.uuid()).one(&tx).await?;
            return Err(found.map_or(AdjustError::NotFound, |row| AdjustError::BelowZero {
                available: row.available,
            }));
        };
        let row = adjustment::ActiveModel {
            id: Set(id),
            product_id: Set(product.uuid()),
            delta: Set(request.delta),
            reason: Set(request.reason.clone()),
            made_by: Set(by.to_owned()),
            made_at: Set(now),
        };
        let row = row.insert(&tx).await?;
        tx.commit().await?;
        Ok(Adjusted { adjustment: row.into(), stock: stock.into() })
    }

    async fn adjusted(&self, product: ProductId, id: Uuid) -> Result<Adjusted, AdjustError> {
        let row = adjustment::Entity::find_by_id(id).one(&self.db).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound(format!("adjustment {id}")))?;
        Ok(Adjusted { adjustment: row.into(), stock: self.stock(product).await? })
    }

    /// The adjustments of a product, latest first, and its stock.
    ///
    /// # Errors
    /// When there is no such product, or the store fails.
    pub async fn adjustments(
        &self,
        product: ProductId,
        before: Option<Uuid>,
        limit: usize,
    ) -> Result<(StockCount, Page<Adjustment, Uuid>), AdjustError> {
        let stock = self.stock(product).await?;
        let mut rows = adjustment::Entity::find()
            .filter(adjustment::Column::ProductId.eq(product.uuid()))
            .order_by_desc(adjustment::Column::Id);
        if let Some(before) = before {
            rows = rows.filter(adjustment::Column::Id.lt(before));
        }
        let rows = rows.limit(limit as u64 + 1).all(&self.db).await?;
        Ok((stock, Page::of(rows, limit, |row| row.id).map(Adjustment::from)))
    }

    async fn stock(&self, product: ProductId) -> Result<StockCount, AdjustError> {
        let row = stock::Entity::find_by_id(product.uuid()).one(&self.db).await?;
        row.map(StockCount::from).ok_or(AdjustError::NotFound)
    }
}
