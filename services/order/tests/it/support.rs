//! A running order service with people who use it. Verbs only; tests judge.

use std::sync::Arc;
use std::time::Duration;

use chassis::auth::{KeyStore as _, Role, SqlKeys, Subject, TokenSigner};
use chassis_messaging::{
    AmqpBroker, AmqpOptions, Broker, EmbeddedBroker, EmbeddedOptions, Wake, outbox,
};
use chrono::TimeDelta;
use order::outbound::migration::migrations;
use order::outbound::store::Store;
use order::{Application, Config, SERVICE};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use shop_contracts::catalog::ProductChanged;
use shop_contracts::{Envelope, Message, RawEnvelope};
use shop_kernel::{Clock as _, CustomerId, ManualClock, OrderId, ProductId};
use tempfile::TempDir;
use testkit::TestDb;

use crate::fixtures::*;

/// Long beside everything that is waited for.
pub(crate) const BOUND: Duration = Duration::from_secs(20);
const RETRY_DELAY: Duration = Duration::from_millis(20);

/// A service of a test's own, with its store and its broker.
pub(crate) struct Shop {
    pub(crate) app: Application,
    pub(crate) broker: Arc<dyn Broker>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) db: DatabaseConnection,
    pub(crate) store: Store,
    signer: TokenSigner,
    http: reqwest::Client,
    database: TestDb,
    _folder: TempDir,
}

/// Where a service comes up.
pub(crate) struct Site {
    pub(crate) database: TestDb,
    pub(crate) broker: Arc<dyn Broker>,
    folder: TempDir,
}

/// SQLite always and PostgreSQL when this run offers it, both with the embedded broker.
pub(crate) async fn sites() -> Vec<Site> {
    let mut sites = Vec::new();
    for database in testkit::databases().await {
        sites.push(embedded(database).await);
    }
    sites
}

/// SQLite with the embedded broker always, PostgreSQL with RabbitMQ when this run offers both:
/// for what travels by message. Not for everything, since declaring its queues takes a second.
pub(crate) async fn messaging_sites() -> Vec<Site> {
    let mut sites = vec![embedded(TestDb::sqlite()).await];
    if let (Some(database), Some(url)) = (TestDb::postgres().await, testkit::amqp_url()) {
        let mut options = AmqpOptions::new(&testkit::prefix(), "order tests").for_a_test();
        options.retry_delays = vec![RETRY_DELAY];
        let broker = AmqpBroker::connect(&url, options);
        testkit::eventually(BOUND, || async { broker.is_connected() }).await;
        sites.push(Site { database, broker, folder: tempfile::tempdir().unwrap() });
    }
    sites
}

async fn embedded(database: TestDb) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let options = EmbeddedOptions { retry_delays: vec![RETRY_DELAY] };
    let broker = EmbeddedBroker::open(&folder.path().join("broker.db"), options).await.unwrap();
    Site { database, broker, folder }
}

/// A shop at each site, with mugs at 12.50 and bowls at 18.00.
pub(crate) async fn shops() -> Vec<Shop> {
    stocked(sites().await).await
}

/// A shop at each site for what travels by message, with the same on its shelves.
pub(crate) async fn messaging_shops() -> Vec<Shop> {
    stocked(messaging_sites().await).await
}

async fn stocked(sites: Vec<Site>) -> Vec<Shop> {
    let shelves =
        [product(BLUE_MUG, "Blue mug", 1_250, 3), product(RED_BOWL, "Red bowl", 1_800, 1)];
    let mut shops = Vec::new();
    for site in sites {
        let shop = Shop::open(site, &[]).await;
        shop.lists(&shelves).await;
        shops.push(shop);
    }
    shops
}

impl Shop {
    /// Opens a shop whose price list is still empty.
    pub(crate) async fn open(site: Site, settings: &[(&str, &str)]) -> Self {
        let signer = TokenSigner::generate().unwrap();
        Self::open_with(site, settings, signer, Arc::new(ManualClock::default())).await
    }

    pub(crate) async fn open_with(
        site: Site,
        settings: &[(&str, &str)],
        signer: TokenSigner,
        clock: Arc<ManualClock>,
    ) -> Self {
        let Site { database, broker, folder } = site;
        let db = database.open(migrations).await;
        SqlKeys(db.clone()).save(&signer.jwks()).await.unwrap();
        let config = config(database.url(), settings);
        let app = Application::build(config, Arc::clone(&broker), clock.clone()).await.unwrap();
        let store = Store::new(db.clone(), Wake::default());
        let http = chassis::peer::Client::new().unwrap().http().clone();
        Self { app, broker, clock, db, store, signer, http, database, _folder: folder }
    }

    /// Kills the service and starts it again on the same store, with that broker.
    pub(crate) async fn restarted(self, broker: Arc<dyn Broker>) -> Self {
        let Self { app, database, signer, clock, db, _folder: folder, .. } = self;
        drop(app);
        db.close().await.unwrap();
        Self::open_with(Site { database, broker, folder }, &[], signer, clock).await
    }

    /// Another replica on the same store.
    pub(crate) async fn replica(&self) -> Application {
        let config = config(self.database.url(), &[]);
        Application::build(config, Arc::clone(&self.broker), self.clock.clone()).await.unwrap()
    }

    /// Has the price list loaded with these products.
    pub(crate) async fn lists(&self, products: &[ProductChanged]) {
        self.store.read_into_price_list(products, 0).await.unwrap();
        self.store.price_list_is_complete(self.clock.now()).await.unwrap();
    }

    pub(crate) fn ada(&self) -> Caller<'_> {
        self.customer(ADA)
    }

    pub(crate) fn haru(&self) -> Caller<'_> {
        self.customer(HARU)
    }

    pub(crate) fn customer(&self, id: CustomerId) -> Caller<'_> {
        self.caller(Subject::Customer(id), &[Role::Customer])
    }

    pub(crate) fn visitor(&self) -> Caller<'_> {
        self.caller(Subject::Guest(VISITOR), &[Role::Guest])
    }

    pub(crate) fn operator(&self) -> Caller<'_> {
        self.caller(Subject::Customer(CustomerId::generate()), &[Role::Operator])
    }

    pub(crate) fn service(&self) -> Caller<'_> {
        self.caller(Subject::Service("web".to_owned()), &[Role::Service])
    }

    pub(crate) fn nobody(&self) -> Caller<'_> {
        Caller { shop: self, token: None }
    }

    pub(crate) fn with_token(&self, token: impl Into<String>) -> Caller<'_> {
        Caller { shop: self, token: Some(token.into()) }
    }

    /// A token that ended an hour ago.
    pub(crate) fn expired(&self, subject: Subject, roles: &[Role]) -> String {
        let then = self.clock.now() - TimeDelta::hours(2);
        self.signer.token(subject, roles, then, TimeDelta::hours(1)).unwrap()
    }

    fn caller(&self, subject: Subject, roles: &[Role]) -> Caller<'_> {
        // Longer than any time a test lets pass.
        let lives = TimeDelta::days(30);
        self.with_token(self.signer.token(subject, roles, self.clock.now(), lives).unwrap())
    }

    /// Everything of a kind the service has published so far.
    pub(crate) async fn published<M: Message>(&self) -> Vec<Envelope<M>> {
        let feed = self.service().get("/feed?after=0&limit=500").await;
        let items = feed.body["items"].as_array().unwrap();
        let envelopes = items.iter().map(|item| item["message"].clone());
        envelopes
            .map(|message| serde_json::from_value::<RawEnvelope>(message).unwrap())
            .filter_map(|message| message.decode().ok())
            .collect()
    }

    /// The first message of a kind, once it is published.
    pub(crate) async fn hears<M: Message>(&self) -> Envelope<M> {
        testkit::eventually(BOUND, || async { self.published::<M>().await.pop() }).await
    }

    /// Publishes a message of another service.
    pub(crate) async fn tells(&self, message: &RawEnvelope) {
        let results = self.broker.publish(std::slice::from_ref(message)).await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
    }

    pub(crate) async fn pending_messages(&self) -> u64 {
        outbox::backlog(&self.db).await.unwrap().pending
    }

    /// An order as Ada sees it, once it is in that state.
    pub(crate) async fn ends(&self, order: OrderId, status: &str) -> Value {
        testkit::eventually(BOUND, || async {
            let found = self.ada().order(order).await;
            (found["status"] == status).then_some(found)
        })
        .await
    }
}

fn config(database: &str, settings: &[(&str, &str)]) -> Config {
    // Nobody listens on the discard port: neighbours are away unless a test brings them.
    let mut all = vec![
        ("http.bind", "127.0.0.1:0"),
        ("database.url", database),
        ("database.max_connections", "5"),
        ("peers.identity", "http://127.0.0.1:9"),
        ("peers.catalog", "http://127.0.0.1:9"),
        ("watchdog.every_ms", "20"),
    ];
    all.extend_from_slice(settings);
    chassis::config::load_from(SERVICE.defaults, &all).unwrap()
}

/// Someone who calls the service.
#[derive(Clone)]
pub(crate) struct Caller<'s> {
    shop: &'s Shop,
    pub(crate) token: Option<String>,
}

/// What they were answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn code(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or_default())
    }

    /// The order that was accepted.
    pub(crate) fn order(&self) -> OrderId {
        assert_eq!(self.status, StatusCode::ACCEPTED, "{}", self.text);
        self.body["id"].as_str().unwrap().parse().unwrap()
    }
}

impl Caller<'_> {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.shop.app.address());
        let request = self.shop.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.request(method, path);
        answer(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn post_keyed(&self, path: &str, key: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).header("idempotency-key", key);
        answer(request.json(body)).await
    }

    pub(crate) async fn post_raw(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = self.request(Method::POST, path).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request).await
    }

    pub(crate) async fn puts(&self, product: ProductId, count: u32) -> Answer {
        let path = format!("/carts/current/lines/{product}");
        self.call(Method::PUT, &path, Some(&json!({ "quantity": count }))).await
    }

    pub(crate) async fn adds(&self, product: ProductId, count: u32) -> Answer {
        let path = format!("/carts/current/lines/{product}");
        self.post(&path, &json!({ "quantity": count })).await
    }

    pub(crate) async fn removes(&self, product: ProductId) -> Answer {
        self.call(Method::DELETE, &format!("/carts/current/lines/{product}"), None).await
    }

    pub(crate) async fn cart(&self) -> Value {
        self.get("/carts/current").await.body
    }

    /// A checkout of what is in the cart, as the cart shows it.
    pub(crate) async fn checkout(&self) -> Value {
        let cart = self.cart().await;
        let lines = cart["lines"].as_array().cloned().unwrap_or_default();
        let prices: Vec<_> = lines
            .iter()
            .map(|line| json!({ "product": line["product"], "unit_price": line["unit_prices"][0] }))
            .collect();
        json!({
            "cart": cart["id"],
            "cart_version": cart["version"],
            "currency": "USD",
            "prices": prices,
            "contact": contact(),
            "locale": "en",
            "payment_method": "store-credit",
        })
    }

    pub(crate) async fn places(&self, key: &str, checkout: &Value) -> Answer {
        self.post_keyed("/orders", key, checkout).await
    }

    /// Buys two blue mugs.
    pub(crate) async fn buys_mugs(&self) -> OrderId {
        self.puts(BLUE_MUG, 2).await;
        let checkout = self.checkout().await;
        self.places(&uuid::Uuid::new_v4().to_string(), &checkout).await.order()
    }

    pub(crate) async fn order(&self, order: OrderId) -> Value {
        self.get(&format!("/orders/{order}")).await.body
    }

    pub(crate) async fn cancels(&self, order: OrderId) -> Answer {
        self.call(Method::POST, &format!("/orders/{order}/cancel"), None).await
    }
}

async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or_default();
    Answer { status, headers, text, body }
}
