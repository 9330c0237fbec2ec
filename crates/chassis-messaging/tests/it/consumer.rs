//! The consumer, on both brokers.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chassis_messaging::{
    Backoff, Consumer, Dependency, HandleError, Handler, Outcome, Received, RetryPolicy,
};
use shop_contracts::order::OrderPlaced;
use shop_contracts::routing::ORDER_PRICES;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::{BOUND, RETRY_DELAY, TestBroker, price, within};

/// What the handler answers, in turn.
enum Answer {
    Done,
    Retry,
    Reject,
    Fail,
    Unavailable,
    Misread,
    Slow(Arc<Notify>, Arc<Notify>),
}

struct Script {
    answers: Mutex<VecDeque<Answer>>,
    attempts: Mutex<Vec<u32>>,
    finished: AtomicU32,
    up: AtomicBool,
}

#[async_trait]
impl Handler for Script {
    async fn handle(&self, message: &Received) -> Result<Outcome, HandleError> {
        self.attempts.lock().unwrap().push(message.attempt);
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Answer::Done);
        let outcome = match answer {
            Answer::Done => Ok(Outcome::Done),
            Answer::Retry => Ok(Outcome::Retry("later".to_owned())),
            Answer::Reject => Ok(Outcome::Reject("never".to_owned())),
            Answer::Fail => Err(HandleError::failed("broken")),
            Answer::Unavailable => Err(HandleError::Unavailable("store away".into())),
            Answer::Misread => {
                message.decode::<OrderPlaced>().map(|_| Outcome::Done).map_err(Into::into)
            }
            Answer::Slow(begun, finish) => {
                begun.notify_one();
                finish.notified().await;
                Ok(Outcome::Done)
            }
        };
        self.finished.fetch_add(1, Ordering::SeqCst);
        outcome
    }
}

#[async_trait]
impl Dependency for Script {
    async fn is_up(&self) -> bool {
        self.up.load(Ordering::SeqCst)
    }
}

struct Running {
    script: Arc<Script>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(test: &TestBroker, answers: impl IntoIterator<Item = Answer>) -> Self {
        let script = Arc::new(Script {
            answers: Mutex::new(answers.into_iter().collect()),
            attempts: Mutex::default(),
            finished: AtomicU32::default(),
            up: AtomicBool::new(true),
        });
        let stop = CancellationToken::new();
        let backoff = Backoff::new(RETRY_DELAY, RETRY_DELAY);
        let consumer =
            Consumer::new(ORDER_PRICES, test.broker.clone(), script.clone(), script.clone())
                .with_retry(RetryPolicy { max_attempts: 3, backoff })
                .with_concurrency(2);
        #[expect(clippy::disallowed_methods, reason = "a test owns its tasks")]
        let task = tokio::spawn(consumer.run(stop.clone()));
        Self { script, stop, task }
    }

    fn attempts(&self) -> Vec<u32> {
        self.script.attempts.lock().unwrap().clone()
    }

    async fn until_attempts(&self, count: usize) {
        testkit::eventually(BOUND, || async { self.attempts().len() >= count }).await;
    }
}

async fn until_depth(test: &TestBroker, ready: u64, dead: u64) {
    testkit::eventually(BOUND, || async {
        let depth = test.broker.depth(ORDER_PRICES).await.unwrap();
        (depth.ready, depth.dead) == (ready, dead)
    })
    .await;
}

#[tokio::test]
async fn a_message_is_retried_until_it_is_done() {
    for test in TestBroker::all().await {
        let consumer = Running::start(&test, [Answer::Retry, Answer::Fail, Answer::Done]);

        test.broker.publish(&[price(1)]).await;

        consumer.until_attempts(3).await;
        assert_eq!(consumer.attempts(), [1, 2, 3]);
        until_depth(&test, 0, 0).await;
    }
}

#[tokio::test]
async fn too_many_attempts_make_a_dead_letter_with_the_last_reason() {
    for test in TestBroker::all().await {
        let consumer = Running::start(&test, [Answer::Fail, Answer::Fail, Answer::Retry]);

        test.broker.publish(&[price(1)]).await;

        until_depth(&test, 0, 1).await;
        let letters = test.broker.dead_letters(ORDER_PRICES, 1).await.unwrap();
        assert_eq!((letters[0].reason.as_str(), letters[0].attempts), ("later", 3));
        assert_eq!(consumer.attempts(), [1, 2, 3]);
    }
}

#[tokio::test]
async fn a_message_that_can_never_be_handled_is_a_dead_letter_at_once() {
    for test in TestBroker::all().await {
        let _consumer = Running::start(&test, [Answer::Reject, Answer::Misread]);

        test.broker.publish(&[price(1), price(2)]).await;

        until_depth(&test, 0, 2).await;
        let letters = test.broker.dead_letters(ORDER_PRICES, 2).await.unwrap();
        let reasons: Vec<_> = letters.iter().map(|letter| letter.reason.as_str()).collect();
        assert!(reasons.contains(&"never"), "{reasons:?}");
        assert!(
            reasons.contains(&"expected order.placed.v1, found catalog.product.changed.v1"),
            "{reasons:?}"
        );
    }
}

#[tokio::test]
async fn while_a_dependency_is_away_nothing_is_taken_and_no_attempt_is_counted() {
    for test in TestBroker::all().await {
        let away = [Answer::Unavailable, Answer::Unavailable];
        let consumer = Running::start(&test, away);
        consumer.script.up.store(false, Ordering::SeqCst);
        let messages: Vec<_> = (1..=20).map(price).collect();
        test.broker.publish(&messages).await;
        consumer.until_attempts(2).await;
        let taken_while_away = consumer.attempts().len();

        consumer.script.up.store(true, Ordering::SeqCst);

        consumer.until_attempts(22).await;
        until_depth(&test, 0, 0).await;
        assert_eq!(taken_while_away, 2, "both lanes hold what they have");
        assert!(consumer.attempts().iter().all(|attempt| *attempt == 1));
    }
}

#[tokio::test]
async fn a_consumer_that_is_told_to_stop_finishes_what_it_has_begun() {
    for test in TestBroker::all().await {
        let (begun, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let consumer = Running::start(&test, [Answer::Slow(begun.clone(), finish.clone())]);
        test.broker.publish(&[price(1)]).await;
        within(begun.notified()).await;

        consumer.stop.cancel();
        finish.notify_one();
        within(consumer.task).await.unwrap();

        assert_eq!(consumer.script.finished.load(Ordering::SeqCst), 1);
        until_depth(&test, 0, 0).await;
    }
}

#[tokio::test]
async fn a_consumer_that_dies_leaves_its_message_to_the_next() {
    for test in TestBroker::all().await {
        let begun = Arc::new(Notify::new());
        let dying = Running::start(&test, [Answer::Slow(begun.clone(), Arc::default())]);
        test.broker.publish(&[price(1)]).await;
        within(begun.notified()).await;

        dying.task.abort();

        let next = Running::start(&test, [Answer::Done]);
        next.until_attempts(1).await;
        until_depth(&test, 0, 0).await;
    }
}
