//! Identity's keys in a file beside the ledger, for a start while identity is away.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use async_trait::async_trait;
use chassis::auth::{JwkSet, KeyStore};

#[derive(Debug)]
pub(crate) struct KeyFile(PathBuf);

impl KeyFile {
    pub(crate) fn in_folder(dir: &Path) -> Self {
        Self(dir.join("jwks.json"))
    }
}

#[async_trait]
impl KeyStore for KeyFile {
    async fn load(&self) -> anyhow::Result<JwkSet> {
        match tokio::fs::read(&self.0).await {
            // A file that a kill cut off is as good as none: identity has the keys.
            Ok(text) => Ok(serde_json::from_slice(&text).unwrap_or(JwkSet { keys: Vec::new() })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(JwkSet { keys: Vec::new() }),
            Err(error) => Err(error).context("could not read the kept keys"),
        }
    }

    async fn save(&self, keys: &JwkSet) -> anyhow::Result<()> {
        let text = serde_json::to_vec(keys)?;
        tokio::fs::write(&self.0, text).await.context("could not keep the keys")
    }
}
