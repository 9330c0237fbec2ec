//! The services behind this BFF, each guarded against its own troubles.

pub(crate) mod catalog;
pub(crate) mod history;
pub(crate) mod identity;
pub(crate) mod order;
pub(crate) mod payment;
mod query;

use chassis::config::PeersConfig;
use chassis::peer::{Client, Peer, PeerError};
use reqwest::Method;
use serde::de::DeserializeOwned;

use crate::SERVICE;

/// A customer's or a guest's access token, checked here and shown to the services. It has no
/// `Debug`, so that it ends up in no log.
#[derive(Clone)]
pub(crate) struct Token(pub(crate) String);

/// What comes of asking a service.
pub(crate) type Answer<T> = Result<T, PeerError>;

/// The services, by what they are asked for.
#[derive(Debug)]
pub(crate) struct Upstream {
    identity: Peer,
    catalog: Peer,
    order: Peer,
    payment: Peer,
    history: Peer,
}

impl Upstream {
    pub(crate) fn new(client: &Client, peers: &PeersConfig, policy: resilience::Policy) -> Self {
        let peer = |name, urls| client.peer(name, urls).guarded(SERVICE.name, policy);
        Self {
            identity: peer("identity", &peers.identity),
            catalog: peer("catalog", &peers.catalog),
            order: peer("order", &peers.order),
            payment: peer("payment", &peers.payment),
            history: peer("order-history", &peers.order_history),
        }
    }

    /// All of them, to report on.
    pub(crate) fn peers(&self) -> [&Peer; 5] {
        [&self.identity, &self.catalog, &self.order, &self.payment, &self.history]
    }
}

/// Reads what belongs to the bearer of a token.
async fn own<T: DeserializeOwned>(peer: &Peer, path: &str, token: &Token) -> Answer<T> {
    peer.call(Method::GET, path).bearer(&token.0).read().await
}
