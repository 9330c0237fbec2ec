//! A running BFF, a browser in front of it and stubs behind it.

pub(crate) mod browser;
pub(crate) mod said;
pub(crate) mod stub;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chassis::config::load_from;
use chrono::{TimeZone as _, Utc};
use shop_kernel::ManualClock;
use web_bff::{Application, SERVICE};

pub(crate) use browser::Browser;
pub(crate) use stub::Stub;

/// Long beside anything these tests wait for, on two cores that everyone shares.
pub(crate) const BOUND: Duration = Duration::from_secs(20);
/// What the BFF of every test shop seals with, so that a second replica can open it.
const SECRET: &str = "a secret of a test shop that is long enough";

/// The BFF and everyone it asks.
pub(crate) struct Shop {
    pub(crate) identity: Stub,
    pub(crate) catalog: Stub,
    pub(crate) order: Stub,
    pub(crate) payment: Stub,
    pub(crate) email: Stub,
    pub(crate) history: Stub,
    pub(crate) clock: Arc<ManualClock>,
    bff: Mutex<Option<Application>>,
    address: SocketAddr,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::open_with(&[]).await
    }

    pub(crate) async fn open_with(settings: &[(&str, &str)]) -> Self {
        let now = Utc.with_ymd_and_hms(2026, 11, 20, 12, 0, 0).unwrap();
        let clock = Arc::new(ManualClock::starting_at(now));
        let [identity, catalog, order, payment, email, history] =
            std::array::from_fn(|_| Stub::start());
        let peers = [
            ("peers.identity", identity.url()),
            ("peers.catalog", catalog.url()),
            ("peers.order", order.url()),
            ("peers.payment", payment.url()),
            ("peers.email", email.url()),
            ("peers.order_history", history.url()),
        ];
        let mut overrides = vec![
            ("http.bind", "127.0.0.1:0"),
            ("session.secret", SECRET),
            ("session.secure", "false"),
            ("telemetry.log", "off"),
        ];
        overrides.extend(peers.iter().map(|(key, url)| (*key, url.as_str())));
        overrides.extend(settings);
        let config = load_from(SERVICE.defaults, &overrides).unwrap();
        let bff = Application::build(config, clock.clone()).await.unwrap();
        let address = bff.address();
        let bff = Mutex::new(Some(bff));
        Self { identity, catalog, order, payment, email, history, clock, bff, address }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops the BFF as a supervisor does.
    pub(crate) async fn stop(&self) {
        let bff = self.bff.lock().unwrap().take().unwrap();
        bff.stop().await;
    }

    /// A browser nobody has used yet.
    pub(crate) fn browser(&self) -> Browser {
        Browser::at(&self.url())
    }

    /// A browser in which Ada has signed in.
    pub(crate) async fn ada(&self) -> Browser {
        self.identity.says("POST", "/sessions", 201, said::session("access-1", "refresh-1"));
        self.order.says("GET", "/carts/current", 200, said::cart(&[]));
        let browser = self.browser();
        let answer = browser.ask(SIGN_IN).await;
        assert_eq!(answer["errors"], serde_json::Value::Null, "{answer}");
        self.forget_calls();
        browser
    }

    /// How often any service was asked.
    pub(crate) fn calls(&self) -> usize {
        self.stubs().map(|stub| stub.calls().len()).sum()
    }

    pub(crate) fn forget_calls(&self) {
        self.stubs().for_each(Stub::forget_calls);
    }

    fn stubs(&self) -> impl Iterator<Item = &Stub> {
        let Self { identity, catalog, order, payment, email, history, .. } = self;
        [identity, catalog, order, payment, email, history].into_iter()
    }
}

pub(crate) const SIGN_IN: &str = r#"mutation {
    signIn(email: "ada@example.org", password: "demo-ada-2026") { customer { name } }
}"#;

/// The code of the error at this place of an answer.
pub(crate) fn code(answer: &serde_json::Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}
