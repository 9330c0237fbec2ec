//! The service under test, the peers it asks, and the clients that ask it.

use std::sync::Arc;
use std::time::Duration;

use chassis::auth::{Role, Subject, TokenSigner};
use chassis_messaging::{AmqpBroker, AmqpOptions, Broker, EmbeddedBroker, EmbeddedOptions};
use chrono::TimeDelta;
use order_history::store::HistoryStore;
use order_history::{Application, Config, SERVICE};
use serde_json::Value;
use shop_contracts::RawEnvelope;
use shop_kernel::{Clock as _, CustomerId, ManualClock};
use tempfile::TempDir;

use crate::peers::Peers;
use crate::place::Place;
use crate::story::Story;

/// How long anything here may take on a busy machine.
pub(crate) const BOUND: Duration = Duration::from_secs(30);

/// Declares each fact as a test in one process, and on the real servers when offered.
macro_rules! everywhere {
    ($($fact:ident),* $(,)?) => {
        mod embedded {
            $(#[tokio::test]
            async fn $fact() {
                super::$fact($crate::support::Shop::embedded().await).await;
            })*
        }

        mod servers {
            $(#[tokio::test]
            async fn $fact() {
                let Some(shop) = $crate::support::Shop::servers().await else { return };
                super::$fact(shop).await;
            })*
        }
    };
}
pub(crate) use everywhere;

/// The service, alone with its peers' stand-ins.
pub(crate) struct Shop {
    pub(crate) peers: Peers,
    pub(crate) broker: Arc<dyn Broker>,
    pub(crate) clock: Arc<ManualClock>,
    application: Option<Application>,
    signer: TokenSigner,
    http: reqwest::Client,
    base: String,
    place: Option<Place>,
    settings: Vec<(&'static str, String)>,
    _folder: TempDir,
}

/// An answer of the service.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Shop {
    /// SQLite and the embedded broker.
    pub(crate) async fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = EmbeddedOptions::default();
        let broker = EmbeddedBroker::open(&folder.path().join("broker.db"), options).await.unwrap();
        Self::of(broker, Place::sqlite(), folder).await
    }

    /// MongoDB and RabbitMQ, when this run offers both.
    pub(crate) async fn servers() -> Option<Self> {
        let (place, url) = (Place::mongodb()?, testkit::amqp_url()?);
        Some(Self::on_rabbitmq(place, &url).await)
    }

    pub(crate) async fn on_rabbitmq(place: Place, url: &str) -> Self {
        let broker =
            AmqpBroker::connect(url, AmqpOptions::new(&testkit::prefix(), "test").for_a_test());
        Self::of(broker, place, tempfile::tempdir().unwrap()).await
    }

    async fn of(broker: Arc<dyn Broker>, place: Place, folder: TempDir) -> Self {
        let signer = TokenSigner::generate().unwrap();
        let clock = Arc::new(ManualClock::default());
        let peers = Peers::start(&signer, &clock).await;
        let mut shop = Self {
            peers,
            broker,
            clock,
            application: None,
            signer,
            http: chassis::peer::Client::new().unwrap().http().clone(),
            base: String::new(),
            place: Some(place),
            settings: Vec::new(),
            _folder: folder,
        };
        shop.start().await;
        shop
    }

    /// The same shop with another setting, restarted.
    pub(crate) async fn with(mut self, key: &'static str, value: &str) -> Self {
        self.kill();
        self.settings.push((key, value.to_owned()));
        self.start().await;
        self
    }

    pub(crate) async fn start(&mut self) {
        let place = self.place.as_ref().unwrap();
        let peers = &self.peers;
        let mut settings = vec![
            ("http.bind", "127.0.0.1:0".to_owned()),
            ("database.url", place.url.clone()),
            ("peers.identity", peers.url("identity")),
            ("peers.order", peers.url("order")),
            ("peers.payment", peers.url("payment")),
            ("peers.catalog", peers.url("catalog")),
            ("auth.service_secret", "a secret".to_owned()),
            ("rebuild.settle_ms", "300".to_owned()),
            ("rebuild.keep_old_ms", "100".to_owned()),
        ];
        settings.extend(self.settings.iter().cloned());
        let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let config: Config = chassis::config::load_from(SERVICE.defaults, &settings).unwrap();
        let (broker, clock) = (Arc::clone(&self.broker), Arc::clone(&self.clock));
        let application = Application::build(config, broker, clock).await.unwrap();
        self.base = format!("http://{}", application.address());
        self.application = Some(application);
    }

    /// Ends the process as a kill would.
    pub(crate) fn kill(&mut self) {
        self.application = None;
    }

    /// Ends the process as an operator would.
    pub(crate) async fn stop(&mut self) {
        self.application.take().unwrap().stop().await;
    }

    /// Its store, opened by someone else.
    pub(crate) async fn store(&self) -> Arc<dyn HistoryStore> {
        self.place.as_ref().unwrap().open().await
    }

    /// Removes what it left on shared servers.
    pub(crate) async fn remove(mut self) {
        self.kill();
        self.place.take().unwrap().remove().await;
    }

    /// Publishes one fact, live only.
    pub(crate) async fn hear(&self, said: &RawEnvelope) {
        testkit::eventually(BOUND, || async {
            self.broker.publish(std::slice::from_ref(said)).await.remove(0)
        })
        .await;
    }

    /// Publishes a story, which then is in its producers' feeds as well.
    pub(crate) async fn tell(&self, story: &Story) {
        for said in &story.said {
            self.hear(said).await;
            self.peers.publish(said);
        }
    }

    /// Waits until the order is shown as the story ends.
    pub(crate) async fn shows(&self, story: &Story) -> Value {
        let facts = story.said.len();
        testkit::eventually(BOUND, || async {
            let shown = self.get(&path(story), &self.operator()).await;
            (shown.body["revision"] == facts).then_some(shown.body)
        })
        .await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.ask(reqwest::Method::GET, path, Some(token)).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str) -> Answer {
        self.ask(reqwest::Method::POST, path, Some(token)).await
    }

    pub(crate) async fn ask(
        &self,
        method: reqwest::Method,
        path: &str,
        token: Option<&str>,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer { status, body }
    }

    /// Listens to the updates of an order.
    pub(crate) async fn follow(&self, story: &Story, token: &str) -> Events {
        let url = format!("{}{}/updates", self.base, path(story));
        // Without the time limit of the other calls.
        let http = reqwest::Client::new();
        let response = http.get(url).bearer_auth(token).send().await.unwrap();
        Events { status: response.status().as_u16(), response, text: String::new() }
    }

    pub(crate) fn customer(&self, id: CustomerId) -> String {
        self.token(Subject::Customer(id), Role::Customer)
    }

    pub(crate) fn operator(&self) -> String {
        self.token(Subject::Customer(CustomerId::generate()), Role::Operator)
    }

    pub(crate) fn service(&self) -> String {
        self.token(Subject::Service("web".to_owned()), Role::Service)
    }

    pub(crate) fn token(&self, subject: Subject, role: Role) -> String {
        self.token_for(subject, role, TimeDelta::hours(1))
    }

    pub(crate) fn token_for(&self, subject: Subject, role: Role, lives: TimeDelta) -> String {
        self.signer.token(subject, &[role], self.clock.now(), lives).unwrap()
    }
}

/// The address of a story's order.
pub(crate) fn path(story: &Story) -> String {
    format!("/orders/{}", story.order)
}

/// A stream of server-sent events.
#[derive(Debug)]
pub(crate) struct Events {
    pub(crate) status: u16,
    response: reqwest::Response,
    text: String,
}

impl Events {
    /// The next order that is shown; none when the stream ends.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            let block = self.next_block().await?;
            let data = block.lines().find_map(|line| line.strip_prefix("data: "));
            if let Some(data) = data {
                return Some(serde_json::from_str(data).unwrap());
            }
        }
    }

    /// The next event or comment, as text.
    pub(crate) async fn next_block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block = self.text[..end].to_owned();
                self.text.drain(..end + 2);
                return Some(block);
            }
            let chunk = tokio::time::timeout(BOUND, self.response.chunk()).await.unwrap();
            // A connection that is cut ends the stream too.
            let chunk = chunk.ok().flatten()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}
