//! The idempotent consumer, on both stores and both brokers.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chassis_messaging::due::{self, NewWork};
use chassis_messaging::{
    Backoff, Consumer, Effect, HandleError, Handler as _, Idempotent, Outcome, Received,
    RetryPolicy,
};
use sea_orm::{DatabaseConnection, DatabaseTransaction, PaginatorTrait as _};
use shop_contracts::RawEnvelope;
use shop_contracts::routing::ORDER_PRICES;
use shop_kernel::{Clock as _, SystemClock};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{BOUND, RETRY_DELAY, TestBroker, price, stores, within};

/// Writes a row of due work per call, whatever it has written before.
#[derive(Clone, Default)]
struct Rows {
    refused: HashSet<Uuid>,
    broken: Arc<Mutex<HashSet<Uuid>>>,
    commits: Arc<AtomicUsize>,
}

#[async_trait]
impl Effect for Rows {
    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        message: &Received,
    ) -> Result<Outcome, HandleError> {
        let now = SystemClock.now();
        let row = NewWork {
            id: Uuid::new_v4(),
            kind: "row",
            subject: message.envelope.id.to_string(),
            order: None,
            traceparent: None,
            payload: serde_json::Value::Null,
            due_at: now,
        };
        due::schedule(tx, row, now).await?;
        if self.broken.lock().unwrap().remove(&message.envelope.id) {
            return Err(HandleError::failed("broken once"));
        }
        if self.refused.contains(&message.envelope.id) {
            return Ok(Outcome::Reject("never".to_owned()));
        }
        Ok(Outcome::Done)
    }

    async fn committed(&self) {
        self.commits.fetch_add(1, Ordering::SeqCst);
    }
}

fn over(db: &DatabaseConnection, rows: &Rows) -> Idempotent<Rows> {
    Idempotent::new(db.clone(), Arc::new(SystemClock), rows.clone())
}

fn received(envelope: &RawEnvelope) -> Received {
    Received::new(ORDER_PRICES, 1, SystemClock.now(), envelope.clone())
}

async fn written(db: &DatabaseConnection) -> u64 {
    use sea_orm::EntityTrait as _;
    due::Entity::find().count(db).await.unwrap()
}

#[tokio::test]
async fn an_effect_takes_place_once_however_its_message_comes_again() {
    for (_keep, db) in stores().await {
        let rows = Rows::default();
        let handler = over(&db, &rows);
        let (one, two) = (price(1), price(2));
        handler.handle(&received(&one)).await.unwrap();

        // Known from before, new, and new twice in one batch.
        let batch = [received(&one), received(&two), received(&two)];
        let outcomes = handler.handle_all(&batch).await.unwrap();
        let again = handler.handle_all(&batch).await.unwrap();

        assert_eq!(outcomes, vec![Outcome::Done; 3]);
        assert_eq!(again, outcomes);
        assert_eq!(written(&db).await, 2);
    }
}

#[tokio::test]
async fn nothing_stays_of_an_effect_that_is_refused() {
    for (_keep, db) in stores().await {
        let bad = price(1);
        let rows = Rows { refused: HashSet::from([bad.id]), ..Rows::default() };

        let outcome = over(&db, &rows).handle(&received(&bad)).await.unwrap();

        assert_eq!(outcome, Outcome::Reject("never".to_owned()));
        assert_eq!(written(&db).await, 0);
        assert_eq!(rows.commits.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test]
async fn messages_that_wait_share_a_transaction_and_one_that_fails_keeps_none_out() {
    for test in TestBroker::all().await {
        for (_keep, db) in stores().await {
            let messages: Vec<_> = (1..=20).map(price).collect();
            let rows = Rows::default();
            test.broker.publish(&messages).await;
            let quiet = Running::start(&test, &db, &rows);
            testkit::eventually(BOUND, || async { written(&db).await == 20 }).await;
            quiet.stop().await;
            assert!(rows.commits.load(Ordering::SeqCst) < 20, "some came together");

            let messages: Vec<_> = (1..=20).map(price).collect();
            let rows = Rows {
                refused: HashSet::from([messages[7].id]),
                broken: Arc::new(Mutex::new(HashSet::from([messages[3].id]))),
                ..Rows::default()
            };
            test.broker.publish(&messages).await;
            let running = Running::start(&test, &db, &rows);
            testkit::eventually(BOUND, || async { written(&db).await == 39 }).await;
            testkit::eventually(BOUND, || async {
                let depth = test.broker.depth(ORDER_PRICES).await.unwrap();
                (depth.ready, depth.dead) == (0, 1)
            })
            .await;
            running.stop().await;

            let letters = test.broker.dead_letters(ORDER_PRICES, 2).await.unwrap();
            let dead: Vec<_> = letters.iter().map(|letter| letter.message_id).collect();
            assert_eq!(dead, [messages[7].id]);
            assert_eq!(written(&db).await, 39);
            assert!(test.broker.discard(ORDER_PRICES, messages[7].id).await.unwrap());
        }
    }
}

struct Running {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    fn start(test: &TestBroker, db: &DatabaseConnection, rows: &Rows) -> Self {
        let (handler, stop) = (Arc::new(over(db, rows)), CancellationToken::new());
        let backoff = Backoff::new(RETRY_DELAY, RETRY_DELAY);
        let consumer =
            Consumer::new(ORDER_PRICES, test.broker.clone(), handler, Arc::new(db.clone()))
                .with_retry(RetryPolicy { max_attempts: 3, backoff })
                .in_batches(8);
        #[expect(clippy::disallowed_methods, reason = "a test owns its tasks")]
        let task = tokio::spawn(consumer.run(stop.clone()));
        Self { stop, task }
    }

    async fn stop(self) {
        self.stop.cancel();
        within(self.task).await.unwrap();
    }
}
