//! Due work and its worker, on both stores.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chassis_messaging::due::{self, NewWork, State};
use chassis_messaging::{Backoff, Progress, Wake, Work, WorkError, Worker};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait as _, DatabaseConnection, EntityTrait as _,
    IntoActiveModel as _, Set,
};
use shop_kernel::{Clock, ManualClock, OrderId, SystemClock};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{BOUND, stores};

/// What a call to the outside does, in turn.
#[derive(Debug)]
enum Step {
    Finish,
    TryAgain,
    NotYet,
    Park,
    Hang(Arc<Notify>),
}

struct Script {
    db: DatabaseConnection,
    steps: Mutex<VecDeque<Step>>,
    calls: Mutex<Vec<i32>>,
}

#[async_trait]
impl Work for Script {
    fn kind(&self) -> &'static str {
        "call"
    }

    async fn perform(&self, work: &due::Model) -> Result<Progress, WorkError> {
        self.calls.lock().unwrap().push(work.attempts);
        let step = self.steps.lock().unwrap().pop_front().unwrap_or(Step::Finish);
        match step {
            Step::Finish => assert!(due::finish(&self.db, work).await?),
            Step::Park => assert!(due::park(&self.db, work, "refused").await?),
            Step::TryAgain => return Ok(Progress::TryAgain("busy".to_owned())),
            Step::NotYet => {
                return Ok(Progress::NotYet(Duration::from_millis(20), "early".to_owned()));
            }
            Step::Hang(begun) => {
                begun.notify_one();
                std::future::pending().await
            }
        }
        Ok(Progress::Settled)
    }
}

struct Running {
    script: Arc<Script>,
    wake: Wake,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(
        db: &DatabaseConnection,
        clock: Arc<dyn Clock>,
        steps: impl IntoIterator<Item = Step>,
    ) -> Self {
        Self::taking(1, db, clock, steps)
    }

    /// A worker that takes so many pieces at once.
    fn taking(
        batch: u32,
        db: &DatabaseConnection,
        clock: Arc<dyn Clock>,
        steps: impl IntoIterator<Item = Step>,
    ) -> Self {
        let steps = Mutex::new(steps.into_iter().collect());
        let script = Arc::new(Script { db: db.clone(), steps, calls: Mutex::default() });
        let (wake, stop) = (Wake::default(), CancellationToken::new());
        let backoff = Backoff::new(Duration::from_millis(20), Duration::from_millis(40));
        let worker =
            Worker::new("test", db.clone(), script.clone(), clock, wake.clone(), backoff, 4);
        let worker = if batch > 1 { worker.in_batches(batch) } else { worker };
        #[expect(clippy::disallowed_methods, reason = "a test owns its tasks")]
        let task = tokio::spawn(worker.run(stop.clone()));
        Self { script, wake, stop, task }
    }

    fn calls(&self) -> Vec<i32> {
        self.script.calls.lock().unwrap().clone()
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

fn call(order: OrderId) -> NewWork {
    NewWork {
        id: order.uuid(),
        kind: "call",
        subject: order.to_string(),
        order: Some(order),
        traceparent: None,
        payload: serde_json::Value::Null,
        due_at: SystemClock.now(),
    }
}

async fn schedule(db: &DatabaseConnection) -> Uuid {
    let work = call(OrderId::generate());
    let id = work.id;
    assert!(due::schedule(db, work, SystemClock.now()).await.unwrap());
    id
}

async fn until(db: &DatabaseConnection, id: Uuid, state: State) {
    testkit::eventually(BOUND, || async {
        due::Entity::find_by_id(id).one(db).await.unwrap().unwrap().state == state
    })
    .await;
}

#[tokio::test]
async fn the_same_work_is_written_down_once() {
    for (_keep, db) in stores().await {
        let order = OrderId::generate();

        let first = due::schedule(&db, call(order), SystemClock.now()).await.unwrap();
        let again = due::schedule(&db, call(order), SystemClock.now()).await.unwrap();

        assert_eq!((first, again), (true, false));
        assert_eq!(due::backlog(&db).await.unwrap().open, 1);
    }
}

#[tokio::test]
async fn work_is_tried_again_until_it_is_finished() {
    for (_keep, db) in stores().await {
        let steps = [Step::TryAgain, Step::TryAgain, Step::Finish];
        let worker = Running::start(&db, Arc::new(SystemClock), steps);

        let id = schedule(&db).await;
        worker.wake.wake();

        until(&db, id, State::Done).await;
        assert_eq!(worker.calls(), [1, 2, 3]);
        worker.stop().await;
    }
}

#[tokio::test]
async fn a_worker_takes_no_more_than_it_begins() {
    for (_home, db) in stores().await {
        // What PostgreSQL believes of the table now, that it has one row, stays so below.
        schedule(&db).await;
        db.execute_unprepared("ANALYZE").await.unwrap();
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(schedule(&db).await);
        }

        let running = Running::start(&db, Arc::new(SystemClock), []);

        for id in ids {
            until(&db, id, State::Done).await;
        }
        assert_eq!(running.calls(), [1; 6]);
        running.stop().await;
    }
}

#[tokio::test]
async fn looking_too_early_counts_as_no_attempt() {
    for (_keep, db) in stores().await {
        let steps = [Step::NotYet, Step::NotYet, Step::Finish];
        let worker = Running::start(&db, Arc::new(SystemClock), steps);

        let id = schedule(&db).await;

        until(&db, id, State::Done).await;
        assert_eq!(worker.calls(), [1, 1, 1]);
        worker.stop().await;
    }
}

#[tokio::test]
async fn parked_work_waits_for_an_operator_who_opens_it_again() {
    for (_keep, db) in stores().await {
        let worker = Running::start(&db, Arc::new(SystemClock), [Step::Park, Step::Finish]);
        let id = schedule(&db).await;
        until(&db, id, State::Parked).await;
        let parked = due::backlog(&db).await.unwrap();

        let reopened = due::reopen(&db, id, SystemClock.now()).await.unwrap();

        assert_eq!((parked.open, parked.parked), (0, 1));
        assert!(reopened);
        until(&db, id, State::Done).await;
        assert!(!due::reopen(&db, id, SystemClock.now()).await.unwrap());
        worker.stop().await;
    }
}

#[tokio::test]
async fn work_a_dead_worker_had_begun_is_done_by_another() {
    for (_keep, db) in stores().await {
        let clock = Arc::new(ManualClock::default());
        let begun = Arc::new(Notify::new());
        let dying = Running::start(&db, clock.clone(), [Step::Hang(begun.clone())]);
        let id = schedule(&db).await;
        tokio::time::timeout(BOUND, begun.notified()).await.unwrap();

        dying.task.abort();
        clock.advance(chrono::TimeDelta::minutes(1));

        let worker = Running::start(&db, clock, [Step::Finish]);
        until(&db, id, State::Done).await;
        assert_eq!(worker.calls(), [2]);
        worker.stop().await;
    }
}

#[tokio::test]
async fn who_lost_the_lease_cannot_finish_the_work() {
    for (_keep, db) in stores().await {
        let id = schedule(&db).await;
        let stale = due::Entity::find_by_id(id).one(&db).await.unwrap().unwrap();
        let stale = due::Model { leased_by: Some(Uuid::now_v7()), ..stale };

        let finished = due::finish(&db, &stale).await.unwrap();

        assert!(!finished);
        assert_eq!(due::backlog(&db).await.unwrap().open, 1);
    }
}

#[tokio::test]
async fn of_work_that_is_finished_together_what_was_lost_stays_open() {
    for (_keep, db) in stores().await {
        let (ours, lost) = (schedule(&db).await, schedule(&db).await);
        let (us, others) = (Uuid::now_v7(), Uuid::now_v7());
        let lease = async |id: Uuid, by: Uuid| {
            let row = due::Entity::find_by_id(id).one(&db).await.unwrap().unwrap();
            let mut row = row.into_active_model();
            row.leased_by = Set(Some(by));
            row.update(&db).await.unwrap()
        };
        let begun = [lease(ours, us).await, lease(lost, us).await];
        lease(lost, others).await;

        due::finish_all(&db, &begun.iter().collect::<Vec<_>>()).await.unwrap();

        until(&db, ours, State::Done).await;
        until(&db, lost, State::Open).await;
    }
}

#[tokio::test]
async fn workers_that_share_work_do_each_piece_once() {
    for (_keep, db) in stores().await {
        let workers: Vec<_> = (0..4)
            .map(|number| Running::taking(1 + number % 2 * 7, &db, Arc::new(SystemClock), []))
            .collect();

        for _ in 0..40 {
            schedule(&db).await;
            workers.iter().for_each(|worker| worker.wake.wake());
        }

        testkit::eventually(BOUND, || async { due::backlog(&db).await.unwrap().open == 0 }).await;
        let calls: usize = workers.iter().map(|worker| worker.calls().len()).sum();
        assert_eq!(calls, 40);
        for worker in workers {
            worker.stop().await;
        }
    }
}

#[tokio::test]
async fn what_is_not_done_is_counted_kind_by_kind() {
    for (_keep, db) in stores().await {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let before = SystemClock.now() - chrono::TimeDelta::seconds(1);
        assert_eq!(due::depths(&db).await.unwrap(), []);
        let parked = schedule(&db).await;
        let running = Running::start(&db, clock, [Step::Park]);
        until(&db, parked, State::Parked).await;
        running.stop().await;
        schedule(&db).await;

        let depths = due::depths(&db).await.unwrap();

        let [depth] = depths.as_slice() else { panic!("{depths:?}") };
        assert_eq!((depth.kind.as_str(), depth.open, depth.parked), ("call", 1, 1));
        assert!(depth.oldest > before && depth.oldest <= SystemClock.now(), "{depth:?}");
    }
}
