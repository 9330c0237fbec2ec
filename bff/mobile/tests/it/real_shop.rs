//! The real services behind the BFF, in this process.

use std::sync::Arc;

use chassis::config::load_from;
use chassis_messaging::{Broker, EmbeddedBroker, EmbeddedOptions};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shop_kernel::SystemClock;
use tempfile::TempDir;

use crate::support::{Answer, BOUND, Phone};

const SECRET: &str = "a secret among services";

/// Every service a phone's screens are made of.
pub(crate) struct RealShop {
    pub(crate) phone: Phone,
    history: Option<order_history::Application>,
    _services: (
        identity::Application,
        sandbox_provider::Application,
        catalog::Application,
        payment::Application,
        order::Application,
        mobile_bff::Application,
    ),
    _folder: TempDir,
}

/// One service's settings: its defaults, a port of its own, and these.
fn settings<T: DeserializeOwned>(defaults: &str, own: &[(&str, &str)]) -> T {
    let mut all = vec![("http.bind", "127.0.0.1:0")];
    all.extend(own);
    load_from(defaults, &all).unwrap()
}

impl RealShop {
    #[expect(clippy::too_many_lines, reason = "one paragraph per service")]
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let store = |name: &str| format!("sqlite://{}?mode=rwc", path(name).display());
        let url = |address: std::net::SocketAddr| format!("http://{address}");
        let broker = EmbeddedBroker::open(&path("broker"), EmbeddedOptions::default()).await;
        let broker: Arc<dyn Broker> = broker.unwrap();
        let clock = Arc::new(SystemClock);

        let own = settings(
            identity::SERVICE.defaults,
            &[
                ("database.url", &*store("identity")),
                ("service_secrets.order", SECRET),
                ("service_secrets.order_history", SECRET),
                ("seed.enabled", "true"),
            ],
        );
        let identity = identity::Application::build(own, clock.clone()).await.unwrap();
        let at_identity = url(identity.address());
        let keys = ("peers.identity", at_identity.as_str());

        let ledger = path("provider").display().to_string();
        let own = settings(
            sandbox_provider::SERVICE.defaults,
            &[("ledger.dir", ledger.as_str()), ("api.key_secret", SECRET), keys],
        );
        let provider = sandbox_provider::Application::build(own, clock.clone()).await.unwrap();

        let own = settings(
            catalog::SERVICE.defaults,
            &[("database.url", &*store("catalog")), ("seed.enabled", "true"), keys],
        );
        let catalog = catalog::Application::build(own, broker.clone(), clock.clone()).await;
        let catalog = catalog.unwrap();
        let at_catalog = url(catalog.address());

        let own = settings(
            payment::SERVICE.defaults,
            &[
                ("database.url", &*store("payment")),
                ("peers.provider", &*url(provider.address())),
                ("provider.key_secret", SECRET),
                keys,
            ],
        );
        let payment = payment::Application::build(own, broker.clone(), clock.clone()).await;
        let payment = payment.unwrap();
        let at_payment = url(payment.address());

        let own = settings(
            order::SERVICE.defaults,
            &[
                ("database.url", &*store("order")),
                ("peers.catalog", &at_catalog),
                ("auth.service_secret", SECRET),
                keys,
            ],
        );
        let order = order::Application::build(own, broker.clone(), clock.clone()).await.unwrap();
        let at_order = url(order.address());

        let own = settings(
            order_history::SERVICE.defaults,
            &[
                ("database.url", &*store("history")),
                ("peers.catalog", &at_catalog),
                ("peers.order", &at_order),
                ("peers.payment", &at_payment),
                ("auth.service_secret", SECRET),
                keys,
            ],
        );
        let history = order_history::Application::build(own, broker, clock.clone()).await.unwrap();

        let own = settings(
            mobile_bff::SERVICE.defaults,
            &[
                ("peers.catalog", &*at_catalog),
                ("peers.order", &at_order),
                ("peers.payment", &at_payment),
                ("peers.order_history", &*url(history.address())),
                // Until its price list has come, order answers 503.
                ("calls.breaker_open_ms", "50"),
                keys,
            ],
        );
        let bff = mobile_bff::Application::build(own, clock).await.unwrap();
        let phone = Phone::to(bff.address());
        let _services = (identity, provider, catalog, payment, order, bff);
        Self { phone, history: Some(history), _services, _folder: folder }
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> String {
        let body = json!({ "email": email, "password": password });
        let session = self.phone.send(Method::POST, "/sessions", None, &[], Some(&body)).await;
        session.body["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn post(&self, token: &str, path: &str, key: &str, body: &Value) -> Answer {
        let key = [("idempotency-key", key)];
        self.phone.send(Method::POST, path, Some(token), &key, Some(body)).await
    }

    /// The read model ends, as a service under maintenance does.
    pub(crate) async fn stop_history(&mut self) {
        self.history.take().unwrap().stop().await;
    }

    /// An order, once it is so.
    pub(crate) async fn order_when(
        &self,
        token: &str,
        path: &str,
        is_so: impl Fn(&Value) -> bool,
    ) -> Value {
        testkit::eventually(BOUND, || async {
            Some(self.phone.get_as(token, path).await.body).filter(|order| is_so(order))
        })
        .await
    }
}
