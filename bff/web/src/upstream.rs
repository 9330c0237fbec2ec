//! The services this composes, and what is asked of them. Whoever asks shows their own token:
//! nobody sees through the BFF what they could not see without it.

mod carts;
mod catalog;
mod identity;
mod mails;
mod orders;
mod payment;
mod receipts;

use chassis::config::{CallsConfig, PeersConfig};
use chassis::peer::{Client, Peer};
use reqwest::Url;

use crate::SERVICE;

pub(crate) use carts::LineChange;
pub(crate) use catalog::{Browse, PopularIn, ProductsById};
pub(crate) use orders::{Follow, OrderBody, OrderView, Summary, ViewPage};
pub(crate) use payment::Payment;
pub(crate) use receipts::InboxesOf;

/// Calls to every service.
#[derive(Debug, Clone)]
pub(crate) struct Upstream {
    identity: Peer,
    catalog: Peer,
    order: Peer,
    payment: Peer,
    email: Peer,
    history: Peer,
}

impl Upstream {
    pub(crate) fn new(client: &Client, peers: &PeersConfig, calls: &CallsConfig) -> Self {
        let policy = calls.policy();
        let peer = |name, urls| client.peer(name, urls).guarded(SERVICE.name, policy);
        Self {
            identity: peer("identity", &peers.identity),
            catalog: peer("catalog", &peers.catalog),
            order: peer("order", &peers.order),
            payment: peer("payment", &peers.payment),
            email: peer("email", &peers.email),
            history: peer("order-history", &peers.order_history),
        }
    }

    /// All of them, to report on.
    pub(crate) fn peers(&self) -> [&Peer; 6] {
        let Self { identity, catalog, order, payment, email, history } = self;
        [identity, catalog, order, payment, email, history]
    }
}

/// A path with a query; parameters without a value are left out.
fn address(path: &str, parameters: &[(&str, Option<String>)]) -> String {
    let given = parameters.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    // Only its path and query are used; with this base it always is a URL.
    match Url::parse_with_params(&format!("http://peer{path}"), given) {
        Ok(url) => match url.query() {
            Some(query) if !query.is_empty() => format!("{path}?{query}"),
            Some(_) | None => path.to_owned(),
        },
        Err(_) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn what_is_asked_for_stays_one_parameter() {
        let text = Some("mug & tea=?/머그".to_owned());

        let path =
            address("/products", &[("q", text), ("after", None), ("limit", Some("3".into()))]);

        assert_eq!(path, "/products?q=mug+%26+tea%3D%3F%2F%EB%A8%B8%EA%B7%B8&limit=3");
        assert_eq!(address("/orders", &[("after", None)]), "/orders");
    }
}
