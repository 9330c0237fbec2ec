//! What waits in one queue: known in memory, because one process is all there is.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shop_kernel::{Clock as _, SystemClock};
use tokio::sync::Notify;

use crate::micros;

/// The row ids of a queue's messages, except those in someone's hands.
#[derive(Debug, Default)]
pub(super) struct Held {
    waiting: Mutex<Waiting>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    ready: BTreeSet<i64>,
    delayed: BinaryHeap<Reverse<(i64, i64)>>,
}

impl Held {
    /// Puts a message here, to be handed out from `visible_at` (microseconds since 1970) on.
    pub(super) fn put(&self, id: i64, visible_at: i64) {
        if visible_at == 0 {
            self.lock().ready.insert(id);
        } else {
            self.lock().delayed.push(Reverse((visible_at, id)));
        }
        self.changed.notify_one();
    }

    /// Takes the oldest message that may be handed out, waiting for one.
    pub(super) async fn take(&self) -> i64 {
        loop {
            let next_delayed = {
                let mut waiting = self.lock();
                let now = micros::of(SystemClock.now());
                while let Some(Reverse((at, id))) = waiting.delayed.peek().copied()
                    && at <= now
                {
                    waiting.delayed.pop();
                    waiting.ready.insert(id);
                }
                if let Some(id) = waiting.ready.pop_first() {
                    if !waiting.ready.is_empty() {
                        // One wake may stand for several messages: pass it on.
                        self.changed.notify_one();
                    }
                    return id;
                }
                waiting.delayed.peek().map(|Reverse((at, _))| at - now)
            };
            match next_delayed {
                None => self.changed.notified().await,
                Some(micros) => {
                    let delay = Duration::from_micros(micros.unsigned_abs());
                    let _ = tokio::time::timeout(delay, self.changed.notified()).await;
                }
            }
        }
    }

    /// How many may be handed out now.
    pub(super) fn ready(&self) -> u64 {
        self.lock().ready.len() as u64
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing that can panic happens under this lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
