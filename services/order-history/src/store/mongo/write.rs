//! Writing one document, if the revision that was read is still the one stored.

use bson::Document as Bson;
use mongodb::Collection;
use serde::Serialize;

use super::error::is_duplicate;
use super::{answer, conflict_unless};
use crate::store::StoreError;

pub(super) async fn insert<T: Serialize + Send + Sync>(
    collection: &Collection<T>,
    document: &T,
) -> Result<(), StoreError> {
    answer(async {
        match collection.insert_one(document).await {
            Ok(_) => Ok(true),
            Err(error) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(error),
        }
    })
    .await
    .and_then(conflict_unless)
}

pub(super) async fn replace<T: Serialize + Send + Sync>(
    collection: &Collection<T>,
    read: Bson,
    document: &T,
) -> Result<(), StoreError> {
    let replaced = answer(collection.replace_one(read, document)).await?;
    conflict_unless(replaced.matched_count == 1)
}
