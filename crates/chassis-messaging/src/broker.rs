//! The port to the broker: what every adapter owes its callers.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;
use shop_contracts::RawEnvelope;
use shop_contracts::routing::Queue;
use uuid::Uuid;

/// Carries messages from those who publish to the queues of those who listen, at least once.
///
/// An adapter declares every queue of the routing table before the first publish, keeps what it
/// has confirmed through a kill of any process, and finds its way back to its server by itself,
/// for ever. Making one does not wait for the server.
#[async_trait]
pub trait Broker: Send + Sync + std::fmt::Debug {
    /// Publishes messages to every queue the routing table names for their type.
    ///
    /// The result at `i` belongs to the message at `i`; `Ok` means that every such queue has it
    /// safe. Returns within seconds, and at once while the broker is away.
    async fn publish(&self, messages: &[RawEnvelope]) -> Vec<Result<(), BrokerError>>;

    /// Listens to a queue; up to `prefetch` messages may be in the hands of this subscription.
    ///
    /// What is not settled when the subscription is dropped is delivered again, to anyone.
    async fn subscribe(&self, queue: Queue, prefetch: u16) -> Box<dyn Subscription>;

    /// Counts the messages of a queue and of its dead letters.
    async fn depth(&self, queue: Queue) -> Result<Depth, BrokerError>;

    /// Shows up to `limit` dead letters of a queue, oldest first, and leaves them there.
    async fn dead_letters(
        &self,
        queue: Queue,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, BrokerError>;

    /// Puts dead letters back into their queue as first attempts, all or only one message, and
    /// tells how many. Kept safe at every moment: a crash may duplicate one, never lose it.
    async fn replay(&self, queue: Queue, only: Option<Uuid>) -> Result<u64, BrokerError>;

    /// Throws one dead letter away; `false` when it is not there.
    async fn discard(&self, queue: Queue, message: Uuid) -> Result<bool, BrokerError>;

    /// Whether the server is within reach now.
    fn is_connected(&self) -> bool;
}

/// A consumer's hold on a queue.
#[async_trait]
pub trait Subscription: Send {
    /// The next delivery; waits for ever, through outages. Safe to drop while it waits.
    async fn next(&mut self) -> Delivery;

    /// What has come by now, at most `most` deliveries; waits for no more. Safe to drop.
    async fn waiting(&mut self, most: usize) -> Vec<Delivery>;
}

/// One try to have a message handled.
#[derive(Debug)]
pub struct Delivery {
    /// The id the broker knows the message by.
    pub message_id: Uuid,
    /// The message as it came; not necessarily one of ours.
    pub body: Vec<u8>,
    /// Which counted attempt this is, from 1.
    pub attempt: u32,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// How to answer; a delivery dropped without an answer comes again.
    pub settle: Box<dyn Settle>,
}

/// The ways to answer a delivery. Each gives the message up only once it is safe to.
#[async_trait]
pub trait Settle: Send + Sync + std::fmt::Debug {
    /// It is handled.
    async fn done(self: Box<Self>) -> Result<(), BrokerError>;

    /// It is handled, and so are those of `before`: everything else that its subscription has given
    /// out and that is not settled yet.
    async fn done_with(self: Box<Self>, before: Vec<Box<dyn Settle>>) -> Result<(), BrokerError> {
        for settle in before {
            settle.done().await?;
        }
        self.done().await
    }

    /// Handle it again, after `delay` or a little more, as attempt `attempt`.
    async fn retry(
        self: Box<Self>,
        attempt: u32,
        delay: Duration,
        reason: &str,
    ) -> Result<(), BrokerError>;

    /// It cannot be handled: put it with the dead letters, with the reason.
    async fn reject(self: Box<Self>, reason: &str) -> Result<(), BrokerError>;
}

/// Why the broker did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BrokerError {
    /// It is out of reach now; messages stay in the outbox meanwhile.
    #[error("the broker is out of reach")]
    Away,
    /// It did not confirm in time; the message may be there or not.
    #[error("the broker did not confirm in time")]
    Unconfirmed,
    /// No queue takes messages of this type: the routing table and the producer disagree.
    #[error("no queue takes messages of type {0}")]
    Unroutable(String),
    /// It said no.
    #[error("the broker refused: {0}")]
    Refused(String),
}

/// How many messages wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Depth {
    /// Messages ready to be delivered.
    pub ready: u64,
    /// Dead letters.
    pub dead: u64,
}

/// A message nobody could handle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeadLetter {
    /// The id the broker knows it by; what replay and discard take.
    pub message_id: Uuid,
    /// Why it is here.
    pub reason: String,
    /// After how many counted attempts.
    pub attempts: u32,
    /// Since when.
    pub dead_at: Option<DateTime<Utc>>,
    /// The message: JSON where it is, text otherwise.
    pub body: serde_json::Value,
}

/// The body of a dead letter as something to look at.
pub(crate) fn readable(body: &[u8]) -> serde_json::Value {
    serde_json::from_slice(body)
        .unwrap_or_else(|_| serde_json::Value::String(String::from_utf8_lossy(body).into_owned()))
}
