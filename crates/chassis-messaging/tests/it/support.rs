//! Brokers, stores and messages for the tests of this package.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chassis_messaging::{
    AmqpBroker, AmqpOptions, Broker, BrokerError, DeadLetter, Delivery, Depth, EmbeddedBroker,
    EmbeddedOptions, Subscription,
};
use shop_contracts::catalog::{ProductChanged, StockReleased};
use shop_contracts::routing::Queue;
use shop_contracts::{Envelope, RawEnvelope};
use shop_kernel::{Clock as _, CustomerId, LocalizedText, OrderId, ProductId, SystemClock};
use tempfile::TempDir;
use testkit::TestDb;
use uuid::Uuid;

/// Short beside a test, long beside the work between two looks.
pub(crate) const RETRY_DELAY: Duration = Duration::from_millis(200);
pub(crate) const BOUND: Duration = Duration::from_secs(20);

/// A broker of a test's own, and what it lives in.
pub(crate) struct TestBroker {
    pub(crate) broker: Arc<dyn Broker>,
    home: Home,
}

enum Home {
    Folder(TempDir),
    Server { url: String, prefix: String },
}

impl TestBroker {
    pub(crate) async fn embedded() -> Self {
        let home = Home::Folder(tempfile::tempdir().unwrap());
        Self { broker: home.connect().await, home }
    }

    pub(crate) async fn amqp() -> Option<Self> {
        let home = Home::Server { url: testkit::amqp_url()?, prefix: testkit::prefix() };
        let broker = home.connect().await;
        testkit::eventually(BOUND, || async { broker.is_connected() }).await;
        Some(Self { broker, home })
    }

    pub(crate) async fn all() -> Vec<Self> {
        let mut all = vec![Self::embedded().await];
        all.extend(Self::amqp().await);
        all
    }

    /// The same broker as another process, or the next start, sees it.
    pub(crate) async fn reconnected(self) -> Self {
        drop(self.broker);
        let broker = self.home.connect().await;
        testkit::eventually(BOUND, || async { broker.is_connected() }).await;
        Self { broker, home: self.home }
    }

    /// The next message, with the subscription that must outlive its settling.
    pub(crate) async fn next(&self, queue: Queue) -> Taken {
        let mut subscription = self.broker.subscribe(queue, 1).await;
        let delivery = within(subscription.next()).await;
        Taken { delivery, _subscription: subscription }
    }
}

/// A delivery in a test's hands.
pub(crate) struct Taken {
    delivery: Delivery,
    _subscription: Box<dyn Subscription>,
}

impl std::ops::Deref for Taken {
    type Target = Delivery;

    fn deref(&self) -> &Delivery {
        &self.delivery
    }
}

impl Taken {
    pub(crate) async fn done(self) {
        self.delivery.settle.done().await.unwrap();
    }

    pub(crate) async fn retry(self, attempt: u32, reason: &str) {
        self.delivery.settle.retry(attempt, RETRY_DELAY, reason).await.unwrap();
    }

    pub(crate) async fn reject(self, reason: &str) {
        self.delivery.settle.reject(reason).await.unwrap();
    }
}

impl Home {
    async fn connect(&self) -> Arc<dyn Broker> {
        match self {
            Self::Folder(folder) => {
                let options = EmbeddedOptions { retry_delays: vec![RETRY_DELAY] };
                EmbeddedBroker::open(&folder.path().join("broker.db"), options).await.unwrap()
            }
            Self::Server { url, prefix } => {
                let mut options = AmqpOptions::new(prefix, "test").for_a_test();
                options.retry_delays = vec![RETRY_DELAY];
                AmqpBroker::connect(url, options)
            }
        }
    }
}

/// A broker that can be taken away, or made never to answer, and given back.
#[derive(Debug)]
pub(crate) struct Switchable {
    inner: Arc<dyn Broker>,
    away: AtomicBool,
    hanging: AtomicBool,
}

impl Switchable {
    pub(crate) fn new(inner: Arc<dyn Broker>) -> Arc<Self> {
        Arc::new(Self { inner, away: AtomicBool::default(), hanging: AtomicBool::default() })
    }

    pub(crate) fn take_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    pub(crate) fn hang(&self, hanging: bool) {
        self.hanging.store(hanging, Ordering::SeqCst);
    }
}

#[async_trait]
impl Broker for Switchable {
    async fn publish(&self, messages: &[RawEnvelope]) -> Vec<Result<(), BrokerError>> {
        if self.hanging.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if self.away.load(Ordering::SeqCst) {
            return messages.iter().map(|_| Err(BrokerError::Away)).collect();
        }
        self.inner.publish(messages).await
    }
    async fn subscribe(&self, queue: Queue, prefetch: u16) -> Box<dyn Subscription> {
        self.inner.subscribe(queue, prefetch).await
    }
    async fn depth(&self, queue: Queue) -> Result<Depth, BrokerError> {
        self.inner.depth(queue).await
    }
    async fn dead_letters(&self, queue: Queue, n: usize) -> Result<Vec<DeadLetter>, BrokerError> {
        self.inner.dead_letters(queue, n).await
    }
    async fn replay(&self, queue: Queue, only: Option<Uuid>) -> Result<u64, BrokerError> {
        self.inner.replay(queue, only).await
    }
    async fn discard(&self, queue: Queue, message: Uuid) -> Result<bool, BrokerError> {
        self.inner.discard(queue, message).await
    }
    fn is_connected(&self) -> bool {
        !self.away.load(Ordering::SeqCst)
    }
}

pub(crate) async fn stores() -> Vec<(TestDb, sea_orm::DatabaseConnection)> {
    let mut stores = Vec::new();
    for db in testkit::databases().await {
        let open = db.open(chassis_messaging::migrations).await;
        stores.push((db, open));
    }
    stores
}

/// A message for one queue only: `order.prices`.
pub(crate) fn price(version: u64) -> RawEnvelope {
    let product = ProductId::generate();
    let data = ProductChanged {
        product,
        version,
        name: LocalizedText { en: "Blue mug".into(), ko: "파란 머그".into() },
        prices: Vec::new(),
        on_sale: true,
    };
    Envelope::new("/catalog", product, version, SystemClock.now(), data).into_raw().unwrap()
}

/// A message of one order, for one queue only: `order-history.facts`.
pub(crate) fn released(order: OrderId, customer: CustomerId) -> RawEnvelope {
    let data = StockReleased { order, customer, lines: Vec::new() };
    Envelope::new("/catalog", order, 2, SystemClock.now(), data)
        .correlated(order)
        .into_raw()
        .unwrap()
}

pub(crate) fn ids(messages: &[RawEnvelope]) -> Vec<Uuid> {
    messages.iter().map(|message| message.id).collect()
}

pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(BOUND, future).await.expect("within the bound")
}
