//! Deciding whether a token is to be believed.

mod check;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;
use shop_kernel::Clock;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::key_ring::KeyRing;
use super::{Claims, KeyStore};
use crate::peer::Peer;

/// Identity keeps a withdrawn key published for longer than this, and a new one from before its
/// first use.
const REFRESH_EVERY: Duration = Duration::from_secs(300);
/// A forged key id must not let strangers make us ask identity at their pace.
const ASK_AT_MOST_EVERY: Duration = Duration::from_secs(5);
/// A request with an unknown key id waits for identity no longer.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
const FIRST_RETRY: Duration = Duration::from_millis(100);
const LAST_RETRY: Duration = Duration::from_secs(10);

/// Why a token is not believed. The bearer learns only which of the codes it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// There is none.
    #[error("a token is needed")]
    Missing,
    /// It is not a token of ours.
    #[error("the token is not valid")]
    Invalid,
    /// It was one.
    #[error("the token has expired")]
    Expired,
    /// We cannot tell, because we have never seen the keys.
    #[error("the keys are not loaded yet")]
    KeysNotLoaded,
}

/// Where keys come from.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// The keys published now.
    async fn fetch(&self) -> anyhow::Result<JwkSet>;
}

#[async_trait]
impl KeySource for Peer {
    async fn fetch(&self) -> anyhow::Result<JwkSet> {
        Ok(self.get_json("/.well-known/jwks.json").await?)
    }
}

/// Verifies tokens with identity's public keys, without asking identity.
pub struct Verifier {
    ring: KeyRing,
    clock: Arc<dyn Clock>,
    kept: Option<Kept>,
    last_asked: Mutex<Option<Instant>>,
}

struct Kept {
    store: Box<dyn KeyStore>,
    source: Box<dyn KeySource>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("keys_loaded", &self.keys_loaded()).finish_non_exhaustive()
    }
}

impl Verifier {
    /// A verifier with just these keys, as identity itself and tests have.
    #[must_use]
    pub fn with_keys(keys: &JwkSet, clock: Arc<dyn Clock>) -> Self {
        let ring = KeyRing::default();
        ring.replace(keys);
        Self { ring, clock, kept: None, last_asked: Mutex::new(None) }
    }

    /// A verifier that starts with the keys in `store` and keeps them as `source` has them.
    ///
    /// Spawn [`Self::keep_fresh`] beside it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn keeping(
        store: impl KeyStore + 'static,
        source: impl KeySource + 'static,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let known = store.load().await.context("could not read the kept keys")?;
        let verifier = Self::with_keys(&known, clock);
        let kept = Kept { store: Box::new(store), source: Box::new(source) };
        Ok(Self { kept: Some(kept), ..verifier })
    }

    /// Takes these keys instead, as identity does when it rotates its own.
    pub fn replace_keys(&self, keys: &JwkSet) {
        self.ring.replace(keys);
    }

    /// Tells whether any token can be verified.
    #[must_use]
    pub fn keys_loaded(&self) -> bool {
        !self.ring.is_empty()
    }

    /// The claims of a token that is to be believed.
    ///
    /// # Errors
    /// When it is not.
    pub async fn verify(&self, token: &str) -> Result<Claims, Denied> {
        let kid = check::key_id(token)?;
        let key = match self.ring.get(&kid) {
            Some(key) => key,
            None => self.ask_for(&kid).await?,
        };
        check::claims(token, &key, self.clock.now())
    }

    /// Asks identity for a key nobody here has seen, as after a rotation.
    async fn ask_for(&self, kid: &str) -> Result<DecodingKey, Denied> {
        // Whoever comes while one asks waits for that answer.
        let mut last_asked = self.last_asked.lock().await;
        let may_ask = last_asked.is_none_or(|at| at.elapsed() >= ASK_AT_MOST_EVERY);
        if self.kept.is_some() && self.ring.get(kid).is_none() && may_ask {
            *last_asked = Some(Instant::now());
            match timeout(ANSWER_WITHIN, self.refresh()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "could not ask for an unknown key"),
                Err(_) => tracing::warn!("identity did not answer about an unknown key in time"),
            }
        }
        let denied = if self.keys_loaded() { Denied::Invalid } else { Denied::KeysNotLoaded };
        self.ring.get(kid).ok_or(denied)
    }

    async fn refresh(&self) -> anyhow::Result<()> {
        let Some(kept) = &self.kept else {
            return Ok(());
        };
        let keys = kept.source.fetch().await.context("could not fetch the keys")?;
        // An empty answer is a fault of identity's; acting on it would lock everyone out.
        anyhow::ensure!(!keys.keys.is_empty(), "identity published no keys");
        self.ring.replace(&keys);
        kept.store.save(&keys).await.context("could not keep the keys")
    }

    /// Fetches the keys at once and then for ever, until `stop`.
    pub async fn keep_fresh(self: Arc<Self>, stop: CancellationToken) {
        let mut retry = FIRST_RETRY;
        loop {
            let wait = match self.refresh().await {
                Ok(()) => {
                    retry = FIRST_RETRY;
                    REFRESH_EVERY
                }
                Err(error) => {
                    let error: &(dyn std::error::Error + 'static) = error.as_ref();
                    tracing::warn!(error, "the keys stay as they are");
                    let wait = retry;
                    retry = (retry * 2).min(LAST_RETRY);
                    wait
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(wait) => {}
            }
        }
    }
}
