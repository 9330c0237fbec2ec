//! Calls from one service to another.

mod call;
mod error;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use resilience::{Guard, Labels, Policy};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::auth::ServiceTokens;
use crate::config::Urls;

pub use call::Call;
pub use error::{Away, PeerError};
pub use watch::BreakerWatch;

/// A replica that does not take a connection by then is away; the next one is asked.
const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// Longer than any answer of ours, shorter than anyone waits for a page.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Shorter than the 75 s our servers keep a connection, so that it is us who closes it.
const IDLE_FOR: Duration = Duration::from_secs(60);

/// The connections of a service to all its peers; make one and clone it.
#[derive(Debug, Clone)]
pub struct Client(reqwest::Client);

impl Client {
    /// Sets up TLS for the process, if nobody has, and a pool of connections.
    ///
    /// # Errors
    /// When the machine has no certificates to trust.
    pub fn new() -> Result<Self, reqwest::Error> {
        // Refused when it is set already, which is as good.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .pool_idle_timeout(IDLE_FOR)
            // Peers are next door; a proxy of this machine leads out of the house.
            .no_proxy()
            // An answer that sends a service elsewhere is no answer of a peer of ours.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self(client))
    }

    /// A peer by name, with the base URLs of its replicas.
    #[must_use]
    pub fn peer(&self, name: &'static str, replicas: &Urls) -> Peer {
        Peer {
            name,
            replicas: replicas.0.clone().into(),
            turn: Arc::new(AtomicUsize::new(0)),
            client: self.0.clone(),
            tokens: None,
            guard: None,
        }
    }

    /// The bare HTTP client, for calls that are not to a peer.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.0
    }
}

/// Another service, in as many replicas as there are. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Peer {
    name: &'static str,
    replicas: Arc<[String]>,
    turn: Arc<AtomicUsize>,
    client: reqwest::Client,
    tokens: Option<Arc<ServiceTokens>>,
    guard: Option<Arc<Guard>>,
}

impl Peer {
    /// The same peer, shown a service token at each call that brings no other.
    #[must_use]
    pub fn with_tokens(self, tokens: Arc<ServiceTokens>) -> Self {
        Self { tokens: Some(tokens), ..self }
    }

    /// The same peer, called only as far as `policy` lets `service`: with a time-out, retries from
    /// a budget, a bulkhead and a circuit breaker, which this peer and its clones share.
    ///
    /// Who is refused by them gets [`PeerError::Unavailable`] at once, and may fall back.
    #[must_use]
    pub fn guarded(self, service: &'static str, policy: Policy) -> Self {
        let labels = Labels { service, peer: self.name };
        Self { guard: Some(Arc::new(Guard::new(labels, policy))), ..self }
    }

    /// Its circuit breaker, to report on; none where it is not guarded.
    #[must_use]
    pub fn breaker(&self) -> Option<BreakerWatch> {
        let guard = self.guard.as_ref()?;
        Some(BreakerWatch { peer: self.name, guard: Arc::clone(guard) })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Starts a call; `path` begins with a slash and may have a query.
    pub fn call(&self, method: reqwest::Method, path: &str) -> Call<'_> {
        Call::new(self, method, path)
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// When nobody answers, the answer is a refusal, or it is not what was agreed.
    pub async fn get_json<T: DeserializeOwned>(&self, path: &str) -> Result<T, PeerError> {
        self.call(reqwest::Method::GET, path).read().await
    }

    /// Sends JSON and reads the JSON that comes back.
    ///
    /// # Errors
    /// When nobody answers, the answer is a refusal, or it is not what was agreed.
    pub async fn post_json<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + ?Sized),
    ) -> Result<T, PeerError> {
        self.call(reqwest::Method::POST, path).json(body).read().await
    }

    /// Every replica once, starting with another one each time.
    fn in_turn(&self) -> impl Iterator<Item = &str> {
        let first = self.turn.fetch_add(1, Ordering::Relaxed) % self.replicas.len().max(1);
        let (before, from) = self.replicas.split_at(first.min(self.replicas.len()));
        from.iter().chain(before).map(String::as_str)
    }
}
