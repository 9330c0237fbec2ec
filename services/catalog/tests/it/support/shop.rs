//! The whole service, with its broker, its store and its HTTP API.

use std::path::Path;
use std::sync::Arc;

use catalog::{Application, Config, SERVICE, migrations};
use chassis::auth::{KeyStore as _, Role, SqlKeys, Subject, TokenSigner};
use chassis_messaging::{AmqpBroker, AmqpOptions, Broker, EmbeddedBroker, EmbeddedOptions, feed};
use chrono::TimeDelta;
use reqwest::{Method, RequestBuilder, StatusCode};
use sea_orm::DatabaseConnection;
use serde_json::Value;
use shop_contracts::RawEnvelope;
use shop_kernel::{Clock as _, CustomerId, OrderId, SystemClock};
use tempfile::TempDir;
use testkit::TestDb;
use uuid::Uuid;

use super::{BOUND, ada};

/// A running service, and everything it stands on.
pub(crate) struct Shop {
    pub(crate) broker: Arc<dyn Broker>,
    pub(crate) db: DatabaseConnection,
    app: Option<Application>,
    signer: TokenSigner,
    http: reqwest::Client,
    store: TestDb,
    _folder: TempDir,
}

impl Shop {
    /// On SQLite and the embedded broker; on the real servers too when this run offers both.
    pub(crate) async fn all() -> Vec<Self> {
        let mut shops = vec![Self::embedded().await];
        if let (Some(store), Some(url)) = (TestDb::postgres().await, testkit::amqp_url()) {
            let options = AmqpOptions::new(&testkit::prefix(), SERVICE.name).for_a_test();
            let broker = AmqpBroker::connect(&url, options);
            testkit::eventually(BOUND, || async { broker.is_connected() }).await;
            shops.push(Self::on(store, broker, tempfile::tempdir().unwrap()).await);
        }
        shops
    }

    pub(crate) async fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let broker = embedded_broker(folder.path()).await;
        Self::on(TestDb::sqlite(), broker, folder).await
    }

    async fn on(store: TestDb, broker: Arc<dyn Broker>, folder: TempDir) -> Self {
        let db = store.open(migrations).await;
        let signer = TokenSigner::generate().unwrap();
        SqlKeys(db.clone()).save(&signer.jwks()).await.unwrap();
        let http = reqwest::Client::new();
        let mut shop = Self { broker, db, app: None, signer, http, store, _folder: folder };
        shop.start().await;
        shop
    }

    /// Starts the service; on a new port each time.
    pub(crate) async fn start(&mut self) {
        let settings = [
            ("http.bind", "127.0.0.1:0"),
            ("database.url", self.store.url()),
            ("database.max_connections", "5"),
            // Nobody answers there: the keys are in the store.
            ("peers.identity", "http://127.0.0.1:9"),
        ];
        let config: Config = chassis::config::load_from(SERVICE.defaults, &settings).unwrap();
        let app = Application::build(config, Arc::clone(&self.broker), Arc::new(SystemClock));
        self.app = Some(app.await.unwrap());
    }

    /// Ends the service at once, wherever it stands.
    pub(crate) fn kill(&mut self) {
        self.app = None;
    }

    /// Ends the service in order.
    pub(crate) async fn stop(&mut self) {
        self.app.take().unwrap().stop().await;
    }

    pub(crate) async fn publish(&self, messages: &[RawEnvelope]) {
        for result in self.broker.publish(messages).await {
            result.unwrap();
        }
    }

    /// The feed of this service from its beginning.
    pub(crate) async fn feed(&self) -> Vec<RawEnvelope> {
        let (mut messages, mut after) = (Vec::new(), 0);
        loop {
            let page = feed::read(&self.db, after, 500).await.unwrap();
            after = page.next_after;
            messages.extend(page.items.into_iter().map(|item| item.message));
            if page.is_end {
                return messages;
            }
        }
    }

    /// The types of what was published about an order, in that order.
    pub(crate) async fn published(&self, order: OrderId) -> Vec<String> {
        let messages = self.feed().await.into_iter();
        let about = messages.filter(|message| message.subject == order.to_string());
        about.map(|message| message.kind).collect()
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = self.app.as_ref().unwrap().address();
        self.http.request(method, format!("http://{address}{path}"))
    }

    pub(crate) fn operator_token(&self) -> String {
        self.token(
            Subject::Customer(CustomerId::from_uuid(Uuid::from_u128(0x09e7))),
            Role::Operator,
        )
    }

    pub(crate) fn customer_token(&self) -> String {
        self.token(Subject::Customer(ada()), Role::Customer)
    }

    pub(crate) fn service_token(&self) -> String {
        self.token(Subject::Service("order".to_owned()), Role::Service)
    }

    fn token(&self, subject: Subject, role: Role) -> String {
        self.signer.token(subject, &[role], SystemClock.now(), TimeDelta::minutes(5)).unwrap()
    }

    /// Asks as anyone.
    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request(Method::GET, path)).await
    }

    /// Asks as an operator.
    pub(crate) async fn inspect(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request(Method::GET, path).bearer_auth(self.operator_token())).await
    }

    /// Posts as an operator, under a key.
    pub(crate) async fn post(&self, path: &str, key: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.request(Method::POST, path).bearer_auth(self.operator_token());
        answer(request.header("idempotency-key", key).json(body)).await
    }

    /// Puts as an operator.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        answer(self.request(Method::PUT, path).bearer_auth(self.operator_token()).json(body)).await
    }

    /// The slugs of the products at `path`, and where to go on.
    pub(crate) async fn slugs(&self, path: &str) -> (Vec<String>, Option<String>) {
        let (status, page) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        let items = page["items"].as_array().unwrap().iter();
        let slugs = items.map(|item| item["slug"].as_str().unwrap().to_owned()).collect();
        (slugs, page["next"].as_str().map(str::to_owned))
    }
}

/// Sends a request; what is no JSON counts as none.
pub(crate) async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    (status, response.json().await.unwrap_or_default())
}

async fn embedded_broker(folder: &Path) -> Arc<dyn Broker> {
    let path = folder.join("broker.db");
    EmbeddedBroker::open(&path, EmbeddedOptions::default()).await.unwrap()
}
