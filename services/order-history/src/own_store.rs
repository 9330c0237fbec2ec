//! The store as the chassis sees it: something to wait for, and a place for identity's keys.

use std::sync::Arc;

use async_trait::async_trait;
use chassis::auth::{JwkSet, KeyStore};

use crate::store::HistoryStore;

/// This service's own store.
#[derive(Debug, Clone)]
pub(crate) struct OwnStore(pub Arc<dyn HistoryStore>);

#[async_trait]
impl chassis::health::Store for OwnStore {
    async fn is_up(&self) -> bool {
        self.0.is_up().await
    }
}

#[async_trait]
impl chassis_messaging::Dependency for OwnStore {
    async fn is_up(&self) -> bool {
        self.0.is_up().await
    }
}

#[async_trait]
impl KeyStore for OwnStore {
    async fn load(&self) -> anyhow::Result<JwkSet> {
        Ok(self.0.load_keys().await?)
    }

    async fn save(&self, keys: &JwkSet) -> anyhow::Result<()> {
        Ok(self.0.save_keys(keys).await?)
    }
}
