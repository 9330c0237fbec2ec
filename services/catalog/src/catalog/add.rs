//! Adding a product to the range.

use garde::Validate;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, DbErr, EntityTrait as _, Set};
use serde::{Deserialize, Serialize};
use shop_kernel::ProductId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Catalog, Fault};
use crate::announce;
use crate::product::{Product, ProductDetails};
use crate::rows::idempotency::{self, Claim};
use crate::rows::{adjustment, category, product, stock};

/// A product to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddProduct {
    /// What it is and costs.
    #[garde(dive)]
    pub product: ProductDetails,
    /// How many there are at first.
    #[garde(range(max = 1_000_000))]
    pub stock: u32,
}

/// Why a product was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddProductError {
    /// Another product has this slug.
    #[error("the slug is taken")]
    SlugTaken,
    /// There is no such category.
    #[error("there is no such category")]
    UnknownCategory,
    /// The idempotency key was used for another request.
    #[error("the key was used for another request")]
    KeyReused,
    /// The world failed.
    #[error("could not add a product")]
    Fault(#[from] Fault),
}

impl From<DbErr> for AddProductError {
    fn from(error: DbErr) -> Self {
        Self::Fault(error.into())
    }
}

impl Catalog {
    /// Adds a product with its first stock, on behalf of `by`; the same `key` adds it once.
    ///
    /// # Errors
    /// When the slug is taken, the category unknown, the key used otherwise, or the store fails.
    pub async fn add(
        &self,
        request: &AddProduct,
        by: &str,
        key: &str,
    ) -> Result<Product, AddProductError> {
        let now = self.clock.now();
        let added = Product {
            id: ProductId::generate(),
            version: 1,
            details: request.product.clone(),
            added_at: now,
        };
        let tx = chassis_db::begin(&self.db).await?;
        let scope = format!("{by} add-product");
        match idempotency::claim(&tx, &scope, key, request, added.id.uuid(), now).await? {
            Claim::First => {}
            Claim::Reused => return Err(AddProductError::KeyReused),
            Claim::Again(id) => {
                tx.rollback().await?;
                let found = product::Entity::find_by_id(id).one(&self.db).await?;
                return found.map(Product::from).ok_or_else(|| gone(id).into());
            }
        }
        let slug = &added.details.category;
        let category = category::Entity::find_by_id(slug).one(&tx).await?;
        let category = category.ok_or(AddProductError::UnknownCategory)?;
        match product::ActiveModel::from(&added).insert(&tx).await {
            Err(error) if chassis_db::is_unique_violation(&error) => {
                return Err(AddProductError::SlugTaken);
            }
            inserted => inserted?,
        };
        put_in_stock(&tx, &added, request.stock, by).await?;
        tx.commit().await?;
        self.relay.wake();
        self.shelf.put(&added, &category.name());
        Ok(added)
    }
}

/// Writes what belongs to a new product: its stock, the reason for it, and the message.
pub(super) async fn put_in_stock(
    tx: &impl ConnectionTrait,
    added: &Product,
    count: u32,
    by: &str,
) -> Result<(), Fault> {
    let (product_id, delta) = (Set(added.id.uuid()), i64::from(count));
    let row =
        stock::ActiveModel { product_id: product_id.clone(), available: Set(delta), held: Set(0) };
    row.insert(tx).await?;
    let first = adjustment::ActiveModel {
        id: Set(Uuid::now_v7()),
        product_id,
        delta: Set(delta),
        reason: Set(adjustment::INITIAL.to_owned()),
        made_by: Set(by.to_owned()),
        made_at: Set(added.added_at),
    };
    first.insert(tx).await?;
    let message = announce::product_changed(added, added.added_at)?;
    chassis_messaging::outbox::append(tx, &[message]).await?;
    Ok(())
}

fn gone(id: Uuid) -> DbErr {
    DbErr::RecordNotFound(format!("product {id}, which a key says was added"))
}
