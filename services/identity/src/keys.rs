//! The keys tokens are signed with: made here, kept in the store, rotated with an overlap.

mod schedule;

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;
use async_trait::async_trait;
use chassis::auth::{Claims, JwkSet, KeySource, KeyStore, SigningError, TokenSigner};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseConnection, DbErr,
    EntityTrait as _, QueryFilter as _, QueryOrder as _, Set,
};
use shop_kernel::Clock;

use crate::store::signing_key::{ActiveModel, Column, Entity, Model};
pub use schedule::ANNOUNCED_BEFORE;
use schedule::{Ring, Scheduled};

/// Signs tokens and publishes what verifies them.
#[derive(Debug, Clone)]
pub struct Keys {
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
    ring: Arc<RwLock<Ring<Arc<TokenSigner>>>>,
}

/// A key, as an operator may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// What tokens name it by.
    pub kid: String,
    /// From when on it signs, or signed.
    pub signs_from: DateTime<Utc>,
}

/// Why there is no new key.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// The last new one has not signed yet; rotating again would shorten its announcement.
    #[error("the newest key does not sign yet")]
    Pending,
    /// Another instance rotated at this moment.
    #[error("the keys are being rotated elsewhere")]
    Raced,
    /// No key was made.
    #[error("no key could be made")]
    Signing(#[source] SigningError),
    /// The store refused.
    #[error("the new key could not be saved")]
    Store(#[from] DbErr),
    /// What is stored cannot be used.
    #[error("a stored key cannot be used")]
    Corrupt(#[source] anyhow::Error),
}

impl Keys {
    /// Loads the keys, and makes the first one where there is none.
    ///
    /// # Errors
    /// When the store does not answer or holds what is no key.
    pub async fn open(db: DatabaseConnection, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let keys = Self { db, clock, ring: Arc::default() };
        if keys.reload().await? == 0 {
            match keys.add(&keys.db, 1, keys.clock.now()).await {
                // Another instance was first; its key is as good.
                Ok(()) | Err(RotateError::Raced) => {}
                Err(error) => return Err(error).context("could not make the first key"),
            }
            keys.reload().await?;
        }
        Ok(keys)
    }

    /// Signs with the key whose turn it is.
    ///
    /// # Errors
    /// When the signature fails.
    pub fn sign(&self, claims: &Claims) -> anyhow::Result<String> {
        let signer = self.read(|ring| ring.signing(self.clock.now()).map(|key| key.key.clone()));
        Ok(signer.context("there is no key to sign with")?.sign(claims)?)
    }

    /// What verifies every token that may still be alive, and those of the key to come.
    #[must_use]
    pub fn jwks(&self) -> JwkSet {
        let now = self.clock.now();
        JwkSet { keys: self.read(|ring| ring.published(now).map(|key| key.key.jwk()).collect()) }
    }

    /// The published keys, newest first.
    #[must_use]
    pub fn list(&self) -> Vec<KeyInfo> {
        let info = |key: &Scheduled<Arc<TokenSigner>>| KeyInfo {
            kid: key.key.kid().to_owned(),
            signs_from: key.signs_from,
        };
        let now = self.clock.now();
        self.read(|ring| ring.published(now).map(info).collect())
    }

    /// Makes the next key. It is published now and signs once every verifier has seen it; the keys
    /// before it stay published while their tokens live.
    ///
    /// # Errors
    /// See [`RotateError`].
    pub async fn rotate(&self) -> Result<(), RotateError> {
        self.reload().await.map_err(RotateError::Corrupt)?;
        let now = self.clock.now();
        let newest = self.read(|ring| ring.newest().map(|key| (key.generation, key.signs_from)));
        let generation = match newest {
            Some((_, signs_from)) if signs_from > now => return Err(RotateError::Pending),
            Some((generation, _)) => generation + 1,
            None => 1,
        };
        self.add(&self.db, generation, now + ANNOUNCED_BEFORE).await?;
        self.reload().await.map(drop).map_err(RotateError::Corrupt)
    }

    /// Makes a key that signs at once and withdraws all others: what to do when a key has leaked.
    /// Every token there is ends with it; sessions go on by their refresh tokens.
    ///
    /// # Errors
    /// See [`RotateError`].
    pub async fn replace(&self) -> Result<(), RotateError> {
        let tx = chassis_db::begin(&self.db).await?;
        let newest = Entity::find().order_by_desc(Column::Generation).one(&tx).await?;
        let generation = newest.map_or(1, |key| key.generation + 1);
        Entity::delete_many().exec(&tx).await?;
        self.add(&tx, generation, self.clock.now()).await?;
        tx.commit().await?;
        self.reload().await.map(drop).map_err(RotateError::Corrupt)
    }

    async fn add(
        &self,
        db: &impl ConnectionTrait,
        generation: i32,
        signs_from: DateTime<Utc>,
    ) -> Result<(), RotateError> {
        let private = TokenSigner::generate_pkcs8().map_err(RotateError::Signing)?;
        let signer = TokenSigner::from_pkcs8(&private).map_err(RotateError::Signing)?;
        let row = ActiveModel {
            kid: Set(signer.kid().to_owned()),
            generation: Set(generation),
            private_pkcs8: Set(private),
            created_at: Set(self.clock.now()),
            signs_from: Set(signs_from),
        };
        match row.insert(db).await {
            Ok(_) => Ok(()),
            Err(error) if chassis_db::is_unique_violation(&error) => Err(RotateError::Raced),
            Err(error) => Err(RotateError::Store(error)),
        }
    }

    /// Takes the keys as the store has them, and drops those nothing needs any more.
    async fn reload(&self) -> anyhow::Result<usize> {
        let rows = Entity::find().order_by_desc(Column::Generation).all(&self.db).await?;
        let keys = rows.into_iter().map(scheduled).collect::<anyhow::Result<Vec<_>>>()?;
        let (ring, withdrawn) = Ring::new(keys).without_withdrawn(self.clock.now());
        let count = ring.len();
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        if !withdrawn.is_empty() {
            Entity::delete_many()
                .filter(Column::Generation.is_in(withdrawn))
                .exec(&self.db)
                .await?;
        }
        Ok(count)
    }

    fn read<T>(&self, look: impl FnOnce(&Ring<Arc<TokenSigner>>) -> T) -> T {
        look(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn scheduled(row: Model) -> anyhow::Result<Scheduled<Arc<TokenSigner>>> {
    let signer = TokenSigner::from_pkcs8(&row.private_pkcs8)
        .with_context(|| format!("the key {} cannot be used", row.kid))?;
    Ok(Scheduled { key: Arc::new(signer), generation: row.generation, signs_from: row.signs_from })
}

/// Another instance may have rotated: the verifier looks here, regularly and when it meets a key
/// it does not know.
#[async_trait]
impl KeySource for Keys {
    async fn fetch(&self) -> anyhow::Result<JwkSet> {
        self.reload().await?;
        Ok(self.jwks())
    }
}

/// The verifier of other services keeps a copy; ours has the original.
#[async_trait]
impl KeyStore for Keys {
    async fn load(&self) -> anyhow::Result<JwkSet> {
        Ok(self.jwks())
    }

    async fn save(&self, _: &JwkSet) -> anyhow::Result<()> {
        Ok(())
    }
}
