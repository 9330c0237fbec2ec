//! The handler stopped between every two of its steps, and the message handled again.

use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use catalog::Orders;
use catalog::checkpoint::{Checkpoint, Step};
use chassis_messaging::{Handler as _, Outcome};
use shop_contracts::RawEnvelope;
use tokio::sync::Notify;

use crate::support::{AdasOrder, BOUND, Stage, product, received};

/// Where a handler stops, as its process would: for good.
#[derive(Debug, Clone, Copy)]
enum Stop {
    /// Right after a step.
    After(Step),
    /// When it has been polled so often: also in the middle of a statement.
    AtPoll(usize),
}

/// More polls than a handler takes on a quiet machine.
const POLLS: usize = 24;

fn stops() -> impl Iterator<Item = Stop> {
    Step::ALL.into_iter().map(Stop::After).chain((0..POLLS).map(Stop::AtPoll))
}

/// Never comes back from one step, and says so.
#[derive(Debug)]
struct DeadEnd {
    step: Step,
    reached: Arc<Notify>,
}

#[async_trait]
impl Checkpoint for DeadEnd {
    async fn reached(&self, step: Step) {
        if step == self.step {
            self.reached.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

/// Handles a message, stopped there, and then again; tells whether it was stopped.
async fn interrupted(stage: &Stage, stop: Stop, message: RawEnvelope) -> bool {
    let message = received(message);
    let was_stopped = match stop {
        Stop::After(step) => {
            let reached = Arc::new(Notify::new());
            let dead_end = DeadEnd { step, reached: Arc::clone(&reached) };
            let catalog = stage.catalog.clone().with_checkpoint(Arc::new(dead_end));
            let handler = Orders::over(catalog);
            tokio::select! {
                outcome = handler.handle(&message) => outcome.is_err(),
                () = reached.notified() => true,
            }
        }
        Stop::AtPoll(polls) => {
            let handled = polled(polls, stage.orders.handle(&message)).await;
            handled.is_none()
        }
    };
    let again = Stage::handle_for_sure(&stage.orders, &message);
    assert_eq!(tokio::time::timeout(BOUND, again).await.unwrap(), Outcome::Done, "{stop:?}");
    was_stopped
}

/// Polls `work` so often and then drops it where it stands; its result if it got that far.
async fn polled<F: Future>(polls: usize, work: F) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut taken = 0;
    std::future::poll_fn(|context| {
        if taken == polls {
            return Poll::Ready(None);
        }
        taken += 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

#[tokio::test]
async fn a_reservation_stopped_anywhere_happens_once() {
    for stage in Stage::all().await {
        let (mug, lamp) = (product("blue-mug"), product("desk-lamp"));
        for stop in stops() {
            stage.stock_up(mug, 10).await;
            stage.stock_up(lamp, 10).await;
            let held = stage.stock(mug).await.held;
            let order = AdasOrder::of(&[(mug, 2), (lamp, 3)]);

            let was_stopped = interrupted(&stage, stop, order.placed()).await;

            assert!(was_stopped || matches!(stop, Stop::AtPoll(_)), "{stop:?} was passed by");
            let count = stage.stock(mug).await;
            assert_eq!((count.available, count.held), (8, held + 2), "{stop:?}");
            assert_eq!(stage.stock(lamp).await.available, 7, "{stop:?}");
            assert_eq!(stage.kinds(order.id).await, ["stock.reserved.v1"], "{stop:?}");
            assert_eq!(stage.taken_in(order.id).await, 1, "{stop:?}");
        }
    }
}

#[tokio::test]
async fn a_rejection_stopped_anywhere_happens_once() {
    for stage in Stage::all().await {
        let (mug, gone) = (product("blue-mug"), product("music-box"));
        let before = stage.stock(mug).await;
        for stop in stops() {
            let order = AdasOrder::of(&[(mug, 2), (gone, 1)]);

            interrupted(&stage, stop, order.placed()).await;

            assert_eq!(stage.stock(mug).await, before, "{stop:?}");
            assert_eq!(stage.kinds(order.id).await, ["stock.rejected.v1"], "{stop:?}");
            assert_eq!(stage.taken_in(order.id).await, 1, "{stop:?}");
        }
    }
}

#[tokio::test]
async fn a_release_stopped_anywhere_happens_once() {
    for stage in Stage::all().await {
        let mug = product("blue-mug");
        stage.stock_up(mug, 10).await;
        for stop in stops() {
            let order = AdasOrder::of(&[(mug, 2)]);
            stage.handle(order.placed()).await.unwrap();

            interrupted(&stage, stop, order.cancelled()).await;

            let count = stage.stock(mug).await;
            assert_eq!((count.available, count.held), (10, 0), "{stop:?}");
            let said = stage.kinds(order.id).await;
            assert_eq!(said, ["stock.reserved.v1", "stock.released.v1"], "{stop:?}");
            assert_eq!(stage.taken_in(order.id).await, 2, "{stop:?}");
        }
    }
}

#[tokio::test]
async fn a_tombstone_stopped_anywhere_still_prevents_the_reservation() {
    for stage in Stage::all().await {
        let mug = product("blue-mug");
        let before = stage.stock(mug).await;
        for stop in stops() {
            let order = AdasOrder::of(&[(mug, 2)]);

            interrupted(&stage, stop, order.cancelled()).await;
            stage.handle(order.placed()).await.unwrap();

            assert_eq!(stage.stock(mug).await, before, "{stop:?}");
            assert_eq!(stage.kinds(order.id).await, Vec::<String>::new(), "{stop:?}");
        }
    }
}
