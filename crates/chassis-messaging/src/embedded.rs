//! The broker port over a SQLite file, for one process.

mod queue;
mod store;
mod subscription;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::DbErr;
use shop_contracts::RawEnvelope;
use shop_contracts::routing::{self, QUEUES, Queue};
use uuid::Uuid;

use crate::broker::{Broker, BrokerError, DeadLetter, Depth, Subscription};
use queue::Held;
use store::Store;

/// How the embedded broker behaves.
#[derive(Debug, Clone)]
pub struct EmbeddedOptions {
    /// The delays messages can be tried again after, shortest first: rounded up to one of them, as
    /// RabbitMQ's delay queues do.
    pub retry_delays: Vec<Duration>,
}

impl Default for EmbeddedOptions {
    fn default() -> Self {
        Self { retry_delays: [1, 5, 30].map(Duration::from_secs).to_vec() }
    }
}

/// A broker inside the process, durable in a SQLite file.
#[derive(Debug)]
pub struct EmbeddedBroker {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    queues: HashMap<&'static str, Held>,
    options: EmbeddedOptions,
}

impl EmbeddedBroker {
    /// Opens the file at `path`, or makes it; what it holds is delivered again.
    ///
    /// # Errors
    /// When the file cannot be opened or is not a broker's.
    pub async fn open(
        path: &std::path::Path,
        options: EmbeddedOptions,
    ) -> Result<Arc<Self>, chassis_db::OpenError> {
        let store = Store::open(path).await?;
        let queues: HashMap<_, _> =
            QUEUES.into_iter().map(|queue| (queue.name, Held::default())).collect();
        for waiting in store.waiting().await.map_err(chassis_db::OpenError::Connect)? {
            if let Some(queue) = queues.get(waiting.queue.as_str()) {
                queue.put(waiting.id, waiting.visible_at);
            }
        }
        Ok(Arc::new(Self { inner: Arc::new(Inner { store, queues, options }) }))
    }
}

impl Inner {
    fn held(&self, queue: Queue) -> Result<&Held, BrokerError> {
        self.queues.get(queue.name).ok_or_else(|| BrokerError::Unroutable(queue.name.to_owned()))
    }

    /// The smallest delay on offer that is at least `delay`, as a quorum queue would hold it.
    fn rounded(&self, delay: Duration) -> Duration {
        let delays = &self.options.retry_delays;
        delays.iter().find(|held| **held >= delay).or(delays.last()).copied().unwrap_or(delay)
    }
}

#[async_trait]
impl Broker for EmbeddedBroker {
    async fn publish(&self, messages: &[RawEnvelope]) -> Vec<Result<(), BrokerError>> {
        let mut rows = Vec::new();
        let mut results = Vec::with_capacity(messages.len());
        for message in messages {
            let before = rows.len();
            for queue in routing::queues_for(&message.kind) {
                rows.push((queue.name, message));
            }
            results.push(if rows.len() == before {
                Err(BrokerError::Unroutable(message.kind.clone()))
            } else {
                Ok(())
            });
        }
        match self.inner.store.add(&rows).await {
            Ok(ids) => {
                for ((queue, _), id) in rows.iter().zip(ids) {
                    if let Some(held) = self.inner.queues.get(queue) {
                        held.put(id, 0);
                    }
                }
                results
            }
            Err(error) => messages.iter().map(|_| Err(refused(&error))).collect(),
        }
    }

    async fn subscribe(&self, queue: Queue, prefetch: u16) -> Box<dyn Subscription> {
        // Prefetch is moot: a message is handed out when someone asks for it.
        let _ = prefetch;
        Box::new(subscription::EmbeddedSubscription::new(self.inner.clone(), queue))
    }

    async fn depth(&self, queue: Queue) -> Result<Depth, BrokerError> {
        let ready = self.inner.held(queue)?.ready();
        let dead = self.inner.store.count_dead(queue.name).await.map_err(|e| refused(&e))?;
        Ok(Depth { ready, dead })
    }

    async fn dead_letters(
        &self,
        queue: Queue,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, BrokerError> {
        self.inner.store.dead_letters(queue.name, limit as u64).await.map_err(|e| refused(&e))
    }

    async fn replay(&self, queue: Queue, only: Option<Uuid>) -> Result<u64, BrokerError> {
        let held = self.inner.held(queue)?;
        let ids = self.inner.store.revive(queue.name, only).await.map_err(|e| refused(&e))?;
        for id in &ids {
            held.put(*id, 0);
        }
        Ok(ids.len() as u64)
    }

    async fn discard(&self, queue: Queue, message: Uuid) -> Result<bool, BrokerError> {
        self.inner.store.discard(queue.name, message).await.map_err(|e| refused(&e))
    }

    fn is_connected(&self) -> bool {
        true
    }
}

fn refused(error: &DbErr) -> BrokerError {
    BrokerError::Refused(error.to_string())
}
