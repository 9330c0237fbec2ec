//! A payment service, its store and broker, and the provider it calls: all of a test's own.

mod logs;
mod orders;
mod stops;

use std::sync::Arc;
use std::time::Duration;

use chassis::auth::{KeyStore as _, Role, SqlKeys, Subject, TokenSigner};
use chassis_messaging::{AmqpBroker, AmqpOptions, Broker, EmbeddedBroker, EmbeddedOptions};
use chrono::TimeDelta;
use payment::checkpoint::{Checkpoint, Uninterrupted};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use shop_kernel::{Clock as _, CustomerId, ManualClock};
use tempfile::TempDir;
use testkit::TestDb;

pub(crate) use logs::Logs;
pub(crate) use orders::Order;
pub(crate) use stops::{Gate, StopAt};

/// Far more than anything here takes; the machine may be busy with other tests.
pub(crate) const BOUND: Duration = Duration::from_secs(60);
/// Longer than a worker's lease.
pub(crate) const PAST_A_LEASE: TimeDelta = TimeDelta::seconds(7);

pub(crate) const GOOD: &str = "4242 4242 4242 4242";
pub(crate) const DECLINED: &str = "4000 0000 0000 0002";
pub(crate) const POOR: &str = "4000 0000 0000 9995";
pub(crate) const FAILS_WHEN_CHARGED: &str = "4000 0000 0000 0341";
pub(crate) const SLOW: &str = "4000 0000 0000 6975";
pub(crate) const REFUSES_REFUNDS: &str = "4000 0000 0000 5126";

pub(crate) struct Shop {
    payment: Option<payment::Application>,
    provider: Option<sandbox_provider::Application>,
    provider_address: String,
    broker: Arc<dyn Broker>,
    signer: TokenSigner,
    client: reqwest::Client,
    pub(crate) clock: Arc<ManualClock>,
    folder: TempDir,
    db: TestDb,
}

impl Shop {
    /// On SQLite and the embedded broker, and on the real servers when they are offered.
    pub(crate) async fn all() -> Vec<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broker.db");
        let embedded = EmbeddedBroker::open(&path, EmbeddedOptions::default()).await.unwrap();
        let mut all = vec![Self::on(TestDb::sqlite(), embedded, folder).await];
        if let (Some(db), Some(url)) = (TestDb::postgres().await, testkit::amqp_url()) {
            let options = AmqpOptions::new(&testkit::prefix(), "payment").for_a_test();
            let folder = tempfile::tempdir().unwrap();
            all.push(Self::on(db, AmqpBroker::connect(&url, options), folder).await);
        }
        all
    }

    async fn on(db: TestDb, broker: Arc<dyn Broker>, folder: TempDir) -> Self {
        let signer = TokenSigner::generate().unwrap();
        // Both services know identity's keys from before, and identity is away.
        let store = db.open(|| vec![chassis::auth::migration()]).await;
        SqlKeys(store.clone()).save(&signer.jwks()).await.unwrap();
        store.close().await.unwrap();
        let keys = serde_json::to_vec(&signer.jwks()).unwrap();
        std::fs::write(folder.path().join("jwks.json"), keys).unwrap();
        let mut shop = Self {
            payment: None,
            provider: None,
            provider_address: "127.0.0.1:0".to_owned(),
            broker,
            signer,
            client: chassis::peer::Client::new().unwrap().http().clone(),
            clock: Arc::new(ManualClock::default()),
            folder,
            db,
        };
        shop.start_provider().await;
        shop.start_payment().await;
        shop
    }

    pub(crate) async fn start_provider(&mut self) {
        let folder = self.folder.path().display().to_string();
        let overrides = [
            ("http.bind", self.provider_address.as_str()),
            ("ledger.dir", &folder),
            ("behavior.slow_ms", "500"),
            ("peers.identity", ""),
        ];
        let defaults = sandbox_provider::SERVICE.defaults;
        let config = chassis::config::load_from(defaults, &overrides).unwrap();
        let started = sandbox_provider::Application::build(config, self.clock.clone());
        let provider = started.await.unwrap();
        self.provider_address = provider.address().to_string();
        self.provider = Some(provider);
    }

    pub(crate) async fn start_payment(&mut self) {
        self.payment = Some(self.another_payment(Arc::new(Uninterrupted)).await);
    }

    /// Starts the service with somebody who may stop it anywhere.
    pub(crate) async fn start_watched(&mut self, checkpoint: Arc<dyn Checkpoint>) {
        self.payment = Some(self.another_payment(checkpoint).await);
    }

    /// One more instance on the same store.
    pub(crate) async fn another_payment(
        &self,
        checkpoint: Arc<dyn Checkpoint>,
    ) -> payment::Application {
        let provider = format!("http://{}", self.provider_address);
        let overrides = [
            ("http.bind", "127.0.0.1:0"),
            ("database.url", self.db.url()),
            ("database.max_connections", "6"),
            ("peers.identity", ""),
            ("peers.provider", &provider),
            ("charges.retry_first_ms", "20"),
            ("charges.retry_longest_ms", "100"),
            ("refunds.retry_first_ms", "20"),
            ("refunds.retry_longest_ms", "100"),
        ];
        let config = chassis::config::load_from(payment::SERVICE.defaults, &overrides).unwrap();
        let (broker, clock) = (self.broker.clone(), self.clock.clone());
        payment::Application::build_watched(config, broker, clock, checkpoint).await.unwrap()
    }

    /// Ends the service as a kill does.
    pub(crate) fn kill_payment(&mut self) {
        self.payment = None;
    }

    pub(crate) fn kill_provider(&mut self) {
        self.provider = None;
    }

    pub(crate) fn broker(&self) -> &Arc<dyn Broker> {
        &self.broker
    }

    pub(crate) fn payment(&self, method: Method, path: &str) -> RequestBuilder {
        let address = self.payment.as_ref().unwrap().address();
        self.client.request(method, format!("http://{address}{path}"))
    }

    pub(crate) fn provider(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.provider_address))
    }

    pub(crate) fn customer_token(&self, customer: CustomerId) -> String {
        self.token(Subject::Customer(customer), Role::Customer)
    }

    pub(crate) fn operator_token(&self) -> String {
        self.token(Subject::Customer(CustomerId::generate()), Role::Operator)
    }

    fn token(&self, subject: Subject, role: Role) -> String {
        let lives = TimeDelta::minutes(5);
        self.signer.token(subject, &[role], self.clock.now(), lives).unwrap()
    }

    /// An operator's request to the payment service, and its answer.
    pub(crate) async fn operate(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let ask = self.payment(method, path).bearer_auth(self.operator_token()).json(&body);
        answer(ask).await
    }

    pub(crate) async fn set_mode(&self, mode: &str) {
        let ask = self.provider(Method::PUT, "/sandbox/mode").json(&json!({ "mode": mode }));
        let (status, _) = answer(ask.bearer_auth(self.operator_token())).await;
        assert_eq!(status, 200);
    }

    /// The provider's own ledger.
    pub(crate) async fn ledger(&self) -> Vec<Value> {
        let ask = self.provider(Method::GET, "/v1/ledger").bearer_auth(self.operator_token());
        answer(ask).await.1["items"].as_array().unwrap().clone()
    }

    /// What the service has published, oldest first.
    pub(crate) async fn feed(&self) -> Vec<Value> {
        let ask = self.payment(Method::GET, "/feed?limit=500");
        let (_, feed) = answer(ask.bearer_auth(self.operator_token())).await;
        let items = feed["items"].as_array().unwrap().iter();
        items.map(|item| item["message"].clone()).collect()
    }

    /// Everything there is to see when a test has waited in vain.
    pub(crate) async fn picture(&self, order: &Order) -> String {
        let mut picture = format!("{} on {}", self.look_at(order).await.1, self.db.url());
        for path in ["/ops/backlog", "/ops/due-work", "/health/ready"] {
            let seen = self.operate(Method::GET, path, Value::Null).await;
            picture.push_str(&format!("\n{path}: {seen:?}"));
        }
        picture
    }

    /// Nothing waits: outbox and due work are empty, and so is the queue with its dead letters.
    pub(crate) async fn is_quiet(&self) -> bool {
        let (_, backlog) = self.operate(Method::GET, "/ops/backlog", Value::Null).await;
        let queue = &backlog["queues"][0];
        [&backlog["outbox"]["pending"], &backlog["due_work"]["open"], &queue["ready"]]
            .iter()
            .all(|count| **count == 0)
            && queue["dead"] == 0
    }
}

/// Status and body; no body is null.
pub(crate) async fn answer(ask: RequestBuilder) -> (u16, Value) {
    let response = ask.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

pub(crate) fn card(number: &str) -> Value {
    json!({
        "number": number, "expiry_month": 12, "expiry_year": 2099, "cvc": "123",
        "holder": "Ada Lovelace",
    })
}

impl Shop {
    /// Lets leases run out until somebody else's work shows.
    ///
    /// More than once where need be, because a worker renews its lease now and then; but with time
    /// in between, so that the next holder does not lose it the same way.
    pub(crate) async fn past_a_lease(&self, shows: impl AsyncFn() -> bool) {
        for _ in 0..10 {
            self.clock.advance(PAST_A_LEASE);
            let waited = testkit::eventually(BOUND, || async { shows().await });
            if tokio::time::timeout(Duration::from_millis(1_500), waited).await.is_ok() {
                return;
            }
        }
        unreachable!("nobody took the work over");
    }

    /// The store's files as text; nothing where it is on a server.
    pub(crate) fn stored_bytes(&self) -> String {
        let url = self.db.url();
        let path = url.strip_prefix("sqlite://").and_then(|rest| rest.split('?').next());
        let files = path.map(|path| [path.to_owned(), format!("{path}-wal")]);
        let files = files.into_iter().flatten().filter_map(|path| std::fs::read(path).ok());
        files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
    }

    /// The provider's ledger file.
    pub(crate) fn ledger_text(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("ledger.jsonl")).unwrap()
    }
}
