//! Changing what a product is, costs, or whether it may be bought.

use chassis_messaging::outbox;
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _};
use shop_kernel::ProductId;

use super::{Catalog, Fault};
use crate::announce;
use crate::product::{Product, ProductDetails};
use crate::rows::{category, product};

/// Why a product was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeProductError {
    /// There is no such product.
    #[error("there is no such product")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("the product was changed meanwhile")]
    VersionConflict {
        /// The version it has now.
        current: u64,
    },
    /// Another product has this slug.
    #[error("the slug is taken")]
    SlugTaken,
    /// There is no such category.
    #[error("there is no such category")]
    UnknownCategory,
    /// The world failed.
    #[error("could not change a product")]
    Fault(#[from] Fault),
}

impl From<DbErr> for ChangeProductError {
    fn from(error: DbErr) -> Self {
        Self::Fault(error.into())
    }
}

impl Catalog {
    /// Gives a product new details, if its version is still the one the caller saw.
    ///
    /// # Errors
    /// When it is not, when there is no such product, category or free slug, or the store fails.
    pub async fn change(
        &self,
        id: ProductId,
        seen: u64,
        details: ProductDetails,
    ) -> Result<Product, ChangeProductError> {
        let tx = chassis_db::begin(&self.db).await?;
        let before = product::Entity::find_by_id(id.uuid()).one(&tx).await?;
        let before = Product::from(before.ok_or(ChangeProductError::NotFound)?);
        let category = category::Entity::find_by_id(&details.category).one(&tx).await?;
        let category = category.ok_or(ChangeProductError::UnknownCategory)?;
        let changed = Product { version: seen.saturating_add(1), details, ..before };
        let updated = product::Entity::update_many()
            .set(product::ActiveModel::from(&changed))
            .filter(product::Column::Id.eq(id.uuid()))
            .filter(product::Column::Version.eq(i64::try_from(seen).unwrap_or(i64::MAX)))
            .exec(&tx)
            .await;
        match updated {
            Ok(updated) if updated.rows_affected == 1 => {}
            Ok(_) => {
                let current = before.version;
                return Err(ChangeProductError::VersionConflict { current });
            }
            Err(error) if chassis_db::is_unique_violation(&error) => {
                return Err(ChangeProductError::SlugTaken);
            }
            Err(error) => return Err(error.into()),
        }
        let message = announce::product_changed(&changed, self.clock.now()).map_err(Fault::from)?;
        outbox::append(&tx, &[message]).await?;
        tx.commit().await?;
        self.relay.wake();
        self.shelf.put(&changed, &category.name());
        Ok(changed)
    }
}
