//! A running email service between a broker and a mail server of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chassis::auth::{KeyStore as _, Role, SqlKeys, Subject, TokenSigner};
use chassis_messaging::{AmqpBroker, AmqpOptions, Broker, EmbeddedBroker, EmbeddedOptions};
use chrono::TimeDelta;
use email::{Application, Config, SERVICE};
use mail_sink::{Message, Sink};
use serde_json::Value;
use shop_contracts::RawEnvelope;
use shop_kernel::{Clock as _, CustomerId, OrderId, SystemClock};
use tempfile::TempDir;
use testkit::{TestDb, eventually};

/// Long beside anything these tests wait for, on two cores that everyone shares.
pub(crate) const BOUND: Duration = Duration::from_secs(30);
const ANY_PORT: &str = "127.0.0.1:0";

/// A store and a broker to run on.
pub(crate) struct Place {
    pub(crate) db: TestDb,
    pub(crate) broker: Arc<dyn Broker>,
    _folder: TempDir,
}

impl Place {
    pub(crate) async fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broker.db");
        let broker = EmbeddedBroker::open(&path, EmbeddedOptions::default()).await.unwrap();
        Self { db: TestDb::sqlite(), broker, _folder: folder }
    }

    /// The real servers, when this run offers both.
    async fn servers() -> Option<Self> {
        let (url, db) = (testkit::amqp_url()?, TestDb::postgres().await?);
        let options = AmqpOptions::new(&testkit::prefix(), "email-test").for_a_test();
        let broker = AmqpBroker::connect(&url, options);
        Some(Self { db, broker, _folder: tempfile::tempdir().unwrap() })
    }

    pub(crate) async fn all() -> Vec<Self> {
        let mut places = vec![Self::embedded().await];
        places.extend(Self::servers().await);
        places
    }
}

pub(crate) struct Shop {
    pub(crate) place: Place,
    pub(crate) sink: Sink,
    pub(crate) app: Application,
    signer: TokenSigner,
}

impl Shop {
    pub(crate) async fn open(place: Place) -> Self {
        let sink = sink_at(ANY_PORT.parse().unwrap()).await;
        let signer = TokenSigner::generate().unwrap();
        let store = place.db.open(email::migrations).await;
        // Kept keys are enough to start with: no test here needs identity.
        SqlKeys(store).save(&signer.jwks()).await.unwrap();
        let app = build(&place, sink.addr()).await;
        Self { place, sink, app, signer }
    }

    /// Kills the service and starts another on the same store.
    pub(crate) async fn killed_and_restarted(self) -> Self {
        drop(self.app);
        let app = build(&self.place, self.sink.addr()).await;
        Self { app, ..self }
    }

    pub(crate) async fn hear(&self, facts: &[RawEnvelope]) {
        eventually(BOUND, || async { self.place.broker.is_connected() }).await;
        for published in self.place.broker.publish(facts).await {
            published.unwrap();
        }
    }

    /// What arrived for an order, as the kinds in its Message-IDs.
    pub(crate) fn arrived(&self, order: OrderId) -> Vec<String> {
        let of_order = format!(".{order}@");
        let ids = self.sink.mails().into_iter().map(|mail| mail.message_id);
        let mut kinds: Vec<_> = ids
            .filter(|id| id.contains(&of_order))
            .filter_map(|id| Some(id.trim_start_matches('<').split_once('.')?.0.to_owned()))
            .collect();
        kinds.sort();
        kinds
    }

    pub(crate) async fn until_arrived(&self, order: OrderId, kinds: &[&str]) {
        eventually(BOUND, || async { self.arrived(order) == kinds }).await;
    }

    pub(crate) fn letter(&self, order: OrderId, kind: &str) -> Message {
        let id = format!("<{kind}.{order}@saga-shop.example>");
        self.sink.mails().into_iter().find(|mail| mail.message_id == id).unwrap()
    }

    /// Kinds and states of the mails of an order, as operators see them.
    pub(crate) async fn states(&self, order: OrderId) -> Vec<(String, String)> {
        let (_, page) = self.get(&format!("/mails?order={order}"), &self.operator()).await;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        let text = |mail: &Value, field: &str| mail[field].as_str().unwrap().to_owned();
        let mut states: Vec<_> =
            items.iter().map(|mail| (text(mail, "kind"), text(mail, "state"))).collect();
        states.sort();
        states
    }

    pub(crate) async fn until_states(&self, order: OrderId, expected: &[(&str, &str)]) {
        let same = |states: Vec<(String, String)>| {
            states.iter().map(|(k, s)| (k.as_str(), s.as_str())).eq(expected.iter().copied())
        };
        eventually(BOUND, || async { same(self.states(order).await) }).await;
    }

    pub(crate) fn operator(&self) -> String {
        let operator = Subject::Customer(CustomerId::generate());
        self.token(operator, &[Role::Customer, Role::Operator])
    }

    pub(crate) fn customer(&self, id: CustomerId) -> String {
        self.token(Subject::Customer(id), &[Role::Customer])
    }

    pub(crate) fn token(&self, subject: Subject, roles: &[Role]) -> String {
        let lives = TimeDelta::minutes(10);
        self.signer.token(subject, roles, SystemClock.now(), lives).unwrap()
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        let url = format!("http://{}{path}", self.app.address());
        let mut request = reqwest::Client::new().get(url);
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub(crate) async fn post(&self, path: &str, token: &str) -> u16 {
        let url = format!("http://{}{path}", self.app.address());
        let request = reqwest::Client::new().post(url).bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    }
}

pub(crate) async fn sink_at(address: SocketAddr) -> Sink {
    eventually(BOUND, || Sink::start(address, None)).await
}

pub(crate) fn config(place: &Place, smtp: SocketAddr) -> Config {
    let smtp = format!("smtp://{smtp}");
    let settings = [
        ("http.bind", ANY_PORT),
        ("database.url", place.db.url()),
        ("database.max_connections", "5"),
        // Nothing answers there, and nothing needs to.
        ("peers.identity", "http://127.0.0.1:9"),
        ("smtp.url", &smtp),
        ("smtp.retry_first_ms", "50"),
        ("smtp.retry_longest_ms", "200"),
        ("telemetry.log", "off"),
    ];
    chassis::config::load_from(SERVICE.defaults, &settings).unwrap()
}

async fn build(place: &Place, smtp: SocketAddr) -> Application {
    let config = config(place, smtp);
    Application::build(config, Arc::clone(&place.broker), Arc::new(SystemClock)).await.unwrap()
}
