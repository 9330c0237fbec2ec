//! Consuming a queue of the embedded broker.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt as _;
use sea_orm::DbErr;
use shop_contracts::routing::Queue;
use shop_kernel::{Clock as _, SystemClock};

use super::{Inner, refused};
use crate::broker::{BrokerError, Delivery, Settle, Subscription};
use crate::micros;

/// A file that cannot be read right now is tried again after this.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(200);

pub(super) struct EmbeddedSubscription {
    inner: Arc<Inner>,
    queue: Queue,
}

impl EmbeddedSubscription {
    pub(super) fn new(inner: Arc<Inner>, queue: Queue) -> Self {
        Self { inner, queue }
    }
}

impl EmbeddedSubscription {
    /// The message of that row; none when it is gone. From here on it is in our hands: dropping
    /// them puts it back.
    async fn read(&self, id: i64) -> Result<Option<Delivery>, DbErr> {
        let mut hold = Hold { inner: self.inner.clone(), queue: self.queue, id, put_back: true };
        let Some(row) = self.inner.store.read(id).await? else {
            hold.put_back = false;
            return Ok(None);
        };
        Ok(Some(Delivery {
            message_id: row.message_id,
            body: row.body.into_bytes(),
            attempt: row.attempt.unsigned_abs(),
            received_at: SystemClock.now(),
            settle: Box::new(hold),
        }))
    }
}

#[async_trait]
impl Subscription for EmbeddedSubscription {
    async fn next(&mut self) -> Delivery {
        loop {
            let Some(held) = self.inner.queues.get(self.queue.name) else {
                std::future::pending().await
            };
            let id = held.take().await;
            match self.read(id).await {
                Ok(Some(delivery)) => return delivery,
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot read from the embedded broker");
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                }
            }
        }
    }

    async fn waiting(&mut self, most: usize) -> Vec<Delivery> {
        let mut waiting = Vec::new();
        while waiting.len() < most
            && let Some(held) = self.inner.queues.get(self.queue.name)
            && let Some(id) = held.take().now_or_never()
        {
            match self.read(id).await {
                Ok(delivery) => waiting.extend(delivery),
                // It went back, and `next` will say why.
                Err(_) => break,
            }
        }
        waiting
    }
}

/// A message in someone's hands; it goes back to the queue unless it is settled.
#[derive(Debug)]
struct Hold {
    inner: Arc<Inner>,
    queue: Queue,
    id: i64,
    put_back: bool,
}

impl Drop for Hold {
    fn drop(&mut self) {
        if self.put_back
            && let Some(held) = self.inner.queues.get(self.queue.name)
        {
            held.put(self.id, 0);
        }
    }
}

#[async_trait]
impl Settle for Hold {
    async fn done(mut self: Box<Self>) -> Result<(), BrokerError> {
        self.inner.store.remove(self.id).await.map_err(|e| refused(&e))?;
        self.put_back = false;
        Ok(())
    }

    async fn retry(
        mut self: Box<Self>,
        attempt: u32,
        delay: Duration,
        _reason: &str,
    ) -> Result<(), BrokerError> {
        let visible_at = micros::after(SystemClock.now(), self.inner.rounded(delay));
        let store = &self.inner.store;
        store.delay(self.id, attempt, visible_at).await.map_err(|e| refused(&e))?;
        self.put_back = false;
        if let Some(held) = self.inner.queues.get(self.queue.name) {
            held.put(self.id, visible_at);
        }
        Ok(())
    }

    async fn reject(mut self: Box<Self>, reason: &str) -> Result<(), BrokerError> {
        self.inner.store.bury(self.id, reason).await.map_err(|e| refused(&e))?;
        self.put_back = false;
        Ok(())
    }
}
