//! What can be searched, in memory, kept close to the rows it is made from.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use sea_orm::{
    ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use shop_kernel::{LocalizedText, ProductId};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::product::Product;
use crate::rows::{category, product};
use crate::search::{Document, Index};

/// Only for what other replicas changed: this one's own changes are searchable at once. An
/// operator who looks for a new product elsewhere waits this long, and asking costs one small
/// query. Prices and stock never wait: they are read from the rows.
const REFRESH_EVERY: Duration = Duration::from_secs(5);

/// The searchable words of every product.
#[derive(Debug, Default)]
pub struct Shelf {
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    index: Index,
    versions: HashMap<ProductId, u64>,
}

impl Shelf {
    /// The products that match a text, each with how well.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<(ProductId, u32)> {
        // A panic while writing left at worst a product half indexed: search goes on.
        self.inner.read().unwrap_or_else(PoisonError::into_inner).index.search(text)
    }

    /// Takes a product in, unless a later version is here already.
    pub fn put(&self, product: &Product, category: &LocalizedText) {
        let document = Document::of(product.id, &product.details, category);
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        let known = inner.versions.get(&product.id).copied().unwrap_or_default();
        if product.version > known {
            inner.versions.insert(product.id, product.version);
            inner.index.insert(&document);
        }
    }

    /// Takes in what has changed in the store since the last time.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn refresh(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
        let versions: Vec<(Uuid, i64)> = product::Entity::find()
            .select_only()
            .columns([product::Column::Id, product::Column::Version])
            .into_tuple()
            .all(db)
            .await?;
        let changed = self.unknown(&versions);
        if changed.is_empty() {
            return Ok(());
        }
        let names: HashMap<String, LocalizedText> = category::Entity::find()
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.slug.clone(), row.name()))
            .collect();
        let rows =
            product::Entity::find().filter(product::Column::Id.is_in(changed)).all(db).await?;
        for product in rows.into_iter().map(Product::from) {
            if let Some(category) = names.get(&product.details.category) {
                self.put(&product, category);
            }
        }
        Ok(())
    }

    fn unknown(&self, versions: &[(Uuid, i64)]) -> Vec<Uuid> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let is_known = |id: Uuid, version: i64| {
            let known = inner.versions.get(&ProductId::from_uuid(id)).copied();
            known.is_some_and(|known| known >= version.unsigned_abs())
        };
        let unknown = versions.iter().filter(|(id, version)| !is_known(*id, *version));
        unknown.map(|(id, _)| *id).collect()
    }

    /// Refreshes until told to stop.
    pub async fn keep_fresh(&self, db: &DatabaseConnection, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(REFRESH_EVERY) => {}
            }
            if let Err(error) = self.refresh(db).await {
                // The shelf stays as it is; the next round finds what this one missed.
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "could not look for changed products");
            }
        }
    }
}
