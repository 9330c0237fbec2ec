//! The broker port over AMQP 0-9-1: RabbitMQ.

mod dead;
mod link;
mod subscription;
mod topology;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use shop_contracts::RawEnvelope;
use shop_contracts::routing::Queue;
use tokio::sync::watch;
use uuid::Uuid;

use crate::broker::{Broker, BrokerError, DeadLetter, Depth, Subscription};
use link::Link;
use topology::Names;

/// Longer than a quorum queue needs under load, and shorter than the relay's lease.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(4);

/// How a process uses its RabbitMQ.
#[derive(Debug, Clone)]
pub struct AmqpOptions {
    /// Put before every name, so that several shops, or tests, share a server.
    pub prefix: String,
    /// What the connection is called in the server's lists.
    pub connection_name: String,
    /// The delays messages can be tried again after, shortest first. All processes of a shop must
    /// agree: each delay is a queue.
    pub retry_delays: Vec<Duration>,
    /// After how long the server forgets a queue nobody uses; never, but for tests: a thousand of
    /// them leave more queues behind than a server carries.
    pub unused_queues_live: Option<Duration>,
}

impl AmqpOptions {
    /// Options of one service, with the delays the retry policy asks for.
    #[must_use]
    pub fn new(prefix: &str, connection_name: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            connection_name: connection_name.to_owned(),
            retry_delays: [1, 5, 30].map(Duration::from_secs).to_vec(),
            unused_queues_live: None,
        }
    }

    /// The same options for a test, whose queues go away some time after it.
    #[must_use]
    pub fn for_a_test(self) -> Self {
        // Longer than any test, as a queue that only collects is unused too; and short, as a server
        // with a thousand queues is slow to declare the next.
        Self { unused_queues_live: Some(Duration::from_secs(180)), ..self }
    }
}

/// RabbitMQ, reached at once or whenever it comes back.
#[derive(Debug)]
pub struct AmqpBroker {
    names: Arc<Names>,
    link: watch::Receiver<Option<Arc<Link>>>,
    keeper: tokio::task::JoinHandle<()>,
}

impl AmqpBroker {
    /// Connects in the background, for ever, until it is dropped.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the task ends with the broker that owns it")]
    pub fn connect(url: &str, options: AmqpOptions) -> Arc<Self> {
        let names = Arc::new(Names::new(&options));
        let (current, link) = watch::channel(None);
        let keep = link::keep(url.to_owned(), options.connection_name, names.clone(), current);
        Arc::new(Self { names, link, keeper: tokio::spawn(keep) })
    }

    fn link(&self) -> Result<Arc<Link>, BrokerError> {
        self.link.borrow().clone().filter(|link| link.is_up()).ok_or(BrokerError::Away)
    }
}

impl Drop for AmqpBroker {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

#[async_trait]
impl Broker for AmqpBroker {
    async fn publish(&self, messages: &[RawEnvelope]) -> Vec<Result<(), BrokerError>> {
        let link = match self.link() {
            Ok(link) => link,
            Err(error) => return messages.iter().map(|_| Err(error.clone())).collect(),
        };
        // All are sent before the first confirm is waited for: the round trips overlap.
        let all = async {
            let mut confirms = Vec::with_capacity(messages.len());
            for message in messages {
                confirms.push(link.send_event(&self.names, message).await);
            }
            join_all(confirms.into_iter().zip(messages).map(|(confirm, message)| async move {
                link::confirmed(confirm?, &message.kind).await
            }))
            .await
        };
        // A server short of memory or disk reads no more, and then even sending takes for ever.
        match tokio::time::timeout(CONFIRM_TIMEOUT, all).await {
            Ok(results) => results,
            // Some may have been confirmed; publishing them twice is what inboxes are for.
            Err(_) => messages.iter().map(|_| Err(BrokerError::Unconfirmed)).collect(),
        }
    }

    async fn subscribe(&self, queue: Queue, prefetch: u16) -> Box<dyn Subscription> {
        let (link, names) = (self.link.clone(), self.names.clone());
        Box::new(subscription::AmqpSubscription::new(link, names, queue, prefetch))
    }

    async fn depth(&self, queue: Queue) -> Result<Depth, BrokerError> {
        let link = self.link()?;
        let ready = link.count(&self.names.queue(queue)).await?;
        let dead = link.count(&self.names.dead(queue)).await?;
        Ok(Depth { ready, dead })
    }

    async fn dead_letters(
        &self,
        queue: Queue,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, BrokerError> {
        dead::list(&*self.link()?, &self.names, queue, limit).await
    }

    async fn replay(&self, queue: Queue, only: Option<Uuid>) -> Result<u64, BrokerError> {
        dead::replay(&*self.link()?, &self.names, queue, only).await
    }

    async fn discard(&self, queue: Queue, message: Uuid) -> Result<bool, BrokerError> {
        dead::discard(&*self.link()?, &self.names, queue, message).await
    }

    fn is_connected(&self) -> bool {
        self.link().is_ok()
    }
}
