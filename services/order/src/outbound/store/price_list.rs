//! Our copy of the catalog's prices.

use async_trait::async_trait;
use chassis_messaging::{Received, inbox};
use chrono::{DateTime, Utc};
use order_core::ports::{ListedProduct, PriceList, Prices, StoreError};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, JsonValue, QueryFilter as _, Set,
};
use serde::{Deserialize, Serialize};
use shop_contracts::catalog::ProductChanged;
use shop_kernel::{LocalizedText, Money, ProductId};
use uuid::Uuid;

use super::rows::{price, price_list};
use super::writes::signed;
use super::{Store, fault};

/// What of a product is kept beside its version.
#[derive(Serialize, Deserialize)]
struct Data {
    name: LocalizedText,
    prices: Vec<Money>,
    on_sale: bool,
}

/// How far the copy has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The catalog's publish number up to which it was read.
    pub feed_after: i64,
    /// Whether it was ever complete.
    pub is_loaded: bool,
    /// When it was last known to be complete.
    pub checked_at: Option<DateTime<Utc>>,
}

#[async_trait]
impl PriceList for Store {
    async fn prices(&self, products: &[ProductId]) -> Result<Prices, StoreError> {
        if !self.price_list_progress().await.map_err(fault::of)?.is_loaded {
            return Ok(Prices::Loading);
        }
        let rows = price::Entity::find()
            .filter(price::Column::Product.is_in(products.iter().map(|product| product.uuid())))
            .all(&self.db)
            .await
            .map_err(fault::of)?;
        let listed = rows.into_iter().map(|row| listed(row.product, row.version, row.data));
        Ok(Prices::Listed(listed.collect::<Result<_, _>>()?))
    }
}

impl Store {
    /// Takes a change of a product in, once; an older one than is known changes nothing.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn hear_of_product(
        &self,
        product: &ProductChanged,
        message: &Received,
        now: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let tx = chassis_db::begin(&self.db).await?;
        if inbox::first_time(&tx, message, now).await? {
            put(&tx, product).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Takes a stretch of the catalog's feed in and remembers how far it went.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn read_into_price_list(
        &self,
        products: &[ProductChanged],
        feed_after: i64,
    ) -> Result<(), DbErr> {
        let tx = chassis_db::begin(&self.db).await?;
        for product in products {
            put(&tx, product).await?;
        }
        let row = price_list::ActiveModel {
            id: Set(1),
            feed_after: Set(feed_after),
            ..Default::default()
        };
        price_list::Entity::update(row).exec(&tx).await?;
        tx.commit().await
    }

    /// Notes that the copy is complete.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn price_list_is_complete(&self, now: DateTime<Utc>) -> Result<(), DbErr> {
        use price_list::Column as C;
        price_list::Entity::update_many()
            .col_expr(C::LoadedAt, Expr::col(C::LoadedAt).if_null(now))
            .col_expr(C::CheckedAt, Expr::val(now))
            .filter(C::Id.eq(1))
            .exec(&self.db)
            .await?;
        Ok(())
    }

    /// How far the copy has come.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn price_list_progress(&self) -> Result<Progress, DbErr> {
        let row = price_list::Entity::find_by_id(1).one(&self.db).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("price_list".to_owned()))?;
        Ok(Progress {
            feed_after: row.feed_after,
            is_loaded: row.loaded_at.is_some(),
            checked_at: row.checked_at,
        })
    }
}

async fn put(tx: &impl ConnectionTrait, product: &ProductChanged) -> Result<(), DbErr> {
    use price::Column as C;
    let data = Data {
        name: product.name.clone(),
        prices: product.prices.clone(),
        on_sale: product.on_sale,
    };
    let version = signed(product.version);
    let row = price::ActiveModel {
        product: Set(product.product.uuid()),
        version: Set(version),
        data: Set(serde_json::to_value(data).map_err(|error| DbErr::Json(error.to_string()))?),
    };
    let newer_wins = OnConflict::column(C::Product)
        .update_columns([C::Version, C::Data])
        .action_and_where(Expr::col((price::Entity, C::Version)).lt(version))
        .to_owned();
    price::Entity::insert(row).on_conflict(newer_wins).exec_without_returning(tx).await?;
    Ok(())
}

/// A product as the core knows it.
pub(super) fn listed(
    product: Uuid,
    version: i64,
    data: JsonValue,
) -> Result<ListedProduct, StoreError> {
    let data: Data = serde_json::from_value(data).map_err(|e| StoreError::Failed(e.into()))?;
    Ok(ListedProduct {
        product: ProductId::from_uuid(product),
        version: version.unsigned_abs(),
        name: data.name,
        prices: data.prices,
        on_sale: data.on_sale,
    })
}
