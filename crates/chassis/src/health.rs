//! Whether requests should be sent here.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sea_orm::DatabaseConnection;
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::auth::Verifier;
use crate::peer::{BreakerWatch, Peer};

/// Probes come from several sides every few seconds; the store is asked once for all of them.
const ASK_STORE_EVERY: Duration = Duration::from_secs(1);

/// A service's own store, as far as readiness cares.
#[async_trait]
pub trait Store: Send + Sync {
    /// Tells whether it answers now; must come back in a few seconds.
    async fn is_up(&self) -> bool;
}

#[async_trait]
impl Store for DatabaseConnection {
    async fn is_up(&self) -> bool {
        chassis_db::is_up(self).await
    }
}

/// The store of a service that has none: it is never in the way.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoStore;

#[async_trait]
impl Store for NoStore {
    async fn is_up(&self) -> bool {
        true
    }
}

type Look = Box<dyn Fn() -> bool + Send + Sync>;

/// Answers the probes: ready means the own store answers and the keys are loaded.
///
/// Everything else is reported and never makes it unready: a service that can accept work while
/// its neighbours are away must be sent work.
pub struct Health {
    store: Box<dyn Store>,
    keys: Option<Arc<Verifier>>,
    reported: Vec<(&'static str, Look)>,
    breakers: Vec<BreakerWatch>,
    last: Mutex<Option<(Instant, bool)>>,
}

/// The answer to a probe.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Readiness {
    /// `ready` or `unready`.
    status: &'static str,
    /// Whether the own store answers.
    store: bool,
    /// Whether tokens can be verified.
    keys: bool,
    /// What else there is to know; does not count.
    reported: BTreeMap<&'static str, bool>,
    /// How the circuit breaker to each peer stands: `closed`, `open` or `half-open`; does not
    /// count.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    breakers: BTreeMap<&'static str, &'static str>,
}

impl Readiness {
    /// Tells whether requests should be sent here.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.store && self.keys
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health").finish_non_exhaustive()
    }
}

impl Health {
    /// Readiness that depends on this store alone.
    pub fn of(store: impl Store + 'static) -> Self {
        Self {
            store: Box::new(store),
            keys: None,
            reported: Vec::new(),
            breakers: Vec::new(),
            last: Mutex::new(None),
        }
    }

    /// Makes readiness depend on keys too.
    #[must_use]
    pub fn with_keys(self, verifier: Arc<Verifier>) -> Self {
        Self { keys: Some(verifier), ..self }
    }

    /// Reports something more, as `broker`, without letting it count.
    #[must_use]
    pub fn reporting(
        mut self,
        name: &'static str,
        look: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        self.reported.push((name, Box::new(look)));
        self
    }

    /// Reports the circuit breakers of these peers, where they have one, without letting them count.
    #[must_use]
    pub fn watching<'p>(mut self, peers: impl IntoIterator<Item = &'p Peer>) -> Self {
        self.breakers.extend(peers.into_iter().filter_map(Peer::breaker));
        self
    }

    /// Looks now; the store is asked at most once a second.
    pub async fn check(&self) -> Readiness {
        let store = self.store_is_up().await;
        let keys = self.keys.as_ref().is_none_or(|keys| keys.keys_loaded());
        Readiness {
            status: if store && keys { "ready" } else { "unready" },
            store,
            keys,
            reported: self.reported.iter().map(|(name, look)| (*name, look())).collect(),
            breakers: self.breakers.iter().map(|one| (one.peer(), one.state().name())).collect(),
        }
    }

    async fn store_is_up(&self) -> bool {
        // Held while asking: probes that come meanwhile share the answer.
        let mut last = self.last.lock().await;
        if let Some((at, up)) = *last
            && at.elapsed() < ASK_STORE_EVERY
        {
            return up;
        }
        let up = self.store.is_up().await;
        *last = Some((Instant::now(), up));
        up
    }
}
