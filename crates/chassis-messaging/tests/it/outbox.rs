//! Outbox, relay and feed, on both stores.

use std::sync::Arc;

use chassis_messaging::{Broker, Relay, Wake, feed, outbox};
use sea_orm::DatabaseConnection;
use shop_contracts::RawEnvelope;
use shop_contracts::routing::ORDER_PRICES;
use shop_kernel::{Clock, ManualClock, SystemClock};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::{BOUND, Switchable, TestBroker, ids, price, stores};

struct Running {
    wake: Wake,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(db: &DatabaseConnection, broker: Arc<dyn Broker>, clock: Arc<dyn Clock>) -> Self {
        let (wake, stop) = (Wake::default(), CancellationToken::new());
        let relay = Relay::new("catalog", db.clone(), broker, clock, wake.clone());
        #[expect(clippy::disallowed_methods, reason = "a test owns its tasks")]
        let task = tokio::spawn(relay.run(stop.clone()));
        Self { wake, stop, task }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

async fn commit(db: &DatabaseConnection, messages: &[RawEnvelope]) {
    let tx = chassis_db::begin(db).await.unwrap();
    outbox::append(&tx, messages).await.unwrap();
    tx.commit().await.unwrap();
}

async fn until_published(db: &DatabaseConnection) {
    testkit::eventually(BOUND, || async { outbox::backlog(db).await.unwrap().pending == 0 }).await;
}

#[tokio::test]
async fn a_committed_message_is_published_and_then_in_the_feed() {
    for (_keep, db) in stores().await {
        let test = TestBroker::embedded().await;
        let relay = Running::start(&db, test.broker.clone(), Arc::new(SystemClock));
        let message =
            price(7).traced(Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into()));

        commit(&db, std::slice::from_ref(&message)).await;
        relay.wake.wake();

        let delivery = test.next(ORDER_PRICES).await;
        let received: RawEnvelope = serde_json::from_slice(&delivery.body).unwrap();
        assert_eq!(received, message);
        until_published(&db).await;
        let page = feed::read(&db, 0, 10).await.unwrap();
        assert_eq!(page.items[0].no, 1);
        assert_eq!(page.items[0].message, message);
        relay.stop().await;
    }
}

#[tokio::test]
async fn a_message_whose_transaction_is_rolled_back_does_not_exist() {
    for (_keep, db) in stores().await {
        let tx = chassis_db::begin(&db).await.unwrap();
        outbox::append(&tx, &[price(1)]).await.unwrap();

        tx.rollback().await.unwrap();

        assert_eq!(outbox::backlog(&db).await.unwrap().pending, 0);
    }
}

#[tokio::test]
async fn messages_wait_for_a_broker_that_is_away_and_say_since_when() {
    for (_keep, db) in stores().await {
        let test = TestBroker::embedded().await;
        let broker = Switchable::new(test.broker.clone());
        broker.take_away(true);
        let relay = Running::start(&db, broker.clone(), Arc::new(SystemClock));
        let messages = [price(1), price(2)];
        commit(&db, &messages).await;
        relay.wake.wake();

        let backlog = outbox::backlog(&db).await.unwrap();
        broker.take_away(false);

        assert_eq!(backlog.pending, 2);
        assert_eq!(backlog.oldest, Some(messages[0].time));
        until_published(&db).await;
        testkit::eventually(BOUND, || async {
            test.broker.depth(ORDER_PRICES).await.unwrap().ready == 2
        })
        .await;
        relay.stop().await;
    }
}

#[tokio::test]
async fn relays_that_share_an_outbox_publish_each_message_and_number_without_gaps() {
    for (_keep, db) in stores().await {
        let test = TestBroker::embedded().await;
        let relays: Vec<_> = (0..3)
            .map(|_| Running::start(&db, test.broker.clone(), Arc::new(SystemClock)))
            .collect();
        let messages: Vec<_> = (1..=200).map(price).collect();

        for chunk in messages.chunks(7) {
            commit(&db, chunk).await;
            relays.iter().for_each(|relay| relay.wake.wake());
        }

        until_published(&db).await;
        let page = feed::read(&db, 0, 500).await.unwrap();
        let numbers: Vec<_> = page.items.iter().map(|item| item.no).collect();
        assert_eq!(numbers, (1..=200).collect::<Vec<_>>());
        let mut published: Vec<_> = page.items.iter().map(|item| item.message.id).collect();
        published.sort_unstable();
        let mut committed = ids(&messages);
        committed.sort_unstable();
        assert_eq!(published, committed);
        for relay in relays {
            relay.stop().await;
        }
    }
}

#[tokio::test]
async fn what_a_dead_relay_had_leased_is_published_by_another() {
    for (_keep, db) in stores().await {
        let test = TestBroker::embedded().await;
        let broker = Switchable::new(test.broker.clone());
        let clock = Arc::new(ManualClock::default());
        commit(&db, &[price(1)]).await;
        broker.hang(true);
        let dying = Running::start(&db, broker.clone(), clock.clone());
        testkit::eventually(BOUND, || async { leased(&db).await }).await;

        dying.task.abort();
        broker.hang(false);
        clock.advance(chrono::TimeDelta::minutes(1));

        let relay = Running::start(&db, broker, clock);
        until_published(&db).await;
        relay.stop().await;
    }
}

async fn leased(db: &DatabaseConnection) -> bool {
    use sea_orm::EntityTrait as _;
    let row = outbox::Entity::find().one(db).await.unwrap();
    row.is_some_and(|row| row.leased_by.is_some())
}

#[tokio::test]
async fn a_relay_that_is_told_to_stop_publishes_what_is_there_first() {
    for (_keep, db) in stores().await {
        let test = TestBroker::embedded().await;
        let relay = Running::start(&db, test.broker.clone(), Arc::new(SystemClock));
        commit(&db, &[price(1)]).await;

        relay.stop().await;

        assert_eq!(outbox::backlog(&db).await.unwrap().pending, 0);
    }
}

#[tokio::test]
async fn a_feed_is_read_page_by_page() {
    for (_keep, db) in stores().await {
        let test = TestBroker::embedded().await;
        let relay = Running::start(&db, test.broker.clone(), Arc::new(SystemClock));
        let messages: Vec<_> = (1..=5).map(price).collect();
        commit(&db, &messages).await;
        until_published(&db).await;

        let first = feed::read(&db, 0, 3).await.unwrap();
        let rest = feed::read(&db, first.next_after, 3).await.unwrap();
        let none = feed::read(&db, rest.next_after, 3).await.unwrap();

        assert_eq!((first.items.len(), first.is_end), (3, false));
        assert_eq!((rest.items.len(), rest.is_end), (2, true));
        assert_eq!((none.items.len(), none.next_after), (0, rest.next_after));
        relay.stop().await;
    }
}

#[tokio::test]
async fn pruning_takes_only_what_is_published_and_old() {
    for (_keep, db) in stores().await {
        let test = TestBroker::embedded().await;
        let relay = Running::start(&db, test.broker.clone(), Arc::new(SystemClock));
        commit(&db, &[price(1)]).await;
        until_published(&db).await;
        relay.stop().await;
        let between = SystemClock.now();
        commit(&db, &[price(2)]).await;

        let early = outbox::prune(&db, between - chrono::TimeDelta::hours(1)).await.unwrap();
        let late = outbox::prune(&db, between + chrono::TimeDelta::hours(1)).await.unwrap();

        assert_eq!((early, late), (0, 1));
        assert_eq!(outbox::backlog(&db).await.unwrap().pending, 1);
    }
}
