//! Places to die at, and places to wait at.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use payment::checkpoint::{Checkpoint, Step};
use tokio::sync::Semaphore;

/// Stops whoever reaches the n-th step, for ever, and everyone after it too: a process that dies
/// takes all of its tasks with it.
#[derive(Debug)]
pub(crate) struct StopAt {
    nth: usize,
    reached: AtomicUsize,
    stopped: Semaphore,
}

impl StopAt {
    pub(crate) fn nth(nth: usize) -> Self {
        Self { nth, reached: AtomicUsize::new(0), stopped: Semaphore::new(0) }
    }

    /// Waits until somebody was stopped.
    pub(crate) async fn stopped(&self) {
        drop(self.stopped.acquire().await);
    }
}

#[async_trait]
impl Checkpoint for StopAt {
    async fn reached(&self, _: Step) {
        if self.reached.fetch_add(1, Ordering::SeqCst) + 1 >= self.nth {
            self.stopped.add_permits(1);
            pending::<()>().await;
        }
    }
}

/// Holds whoever reaches a step until the test opens it.
#[derive(Debug)]
pub(crate) struct Gate {
    step: Step,
    waiting: AtomicUsize,
    stores: AtomicUsize,
    open: Semaphore,
}

impl Gate {
    pub(crate) fn at(step: Step) -> Self {
        let (waiting, stores) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { step, waiting, stores, open: Semaphore::new(0) }
    }

    pub(crate) fn somebody_waits(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    /// Whether somebody who waited has come as far as storing what they know.
    pub(crate) fn has_tried_to_store(&self) -> bool {
        self.stores.load(Ordering::SeqCst) > 0
    }

    pub(crate) fn open(&self) {
        self.open.add_permits(1_000);
    }
}

#[async_trait]
impl Checkpoint for Gate {
    async fn reached(&self, step: Step) {
        if step == self.step {
            self.waiting.fetch_add(1, Ordering::SeqCst);
            drop(self.open.acquire().await);
        }
        if step == Step::OutboxWritten && self.open.available_permits() > 0 {
            self.stores.fetch_add(1, Ordering::SeqCst);
        }
    }
}
