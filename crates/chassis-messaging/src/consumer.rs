//! The consumer: takes deliveries of one queue, hands them to a handler and answers the broker.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{DatabaseConnection, DbErr};
use shop_contracts::routing::Queue;
use shop_contracts::{DecodeError, Envelope, Message, RawEnvelope};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, Span};

use crate::{Backoff, Broker, BrokerError, Delivery, Settle, Subscription};

/// Handles the messages of one queue. Any message may come twice, late, or out of order.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Takes one message in. [`Outcome::Done`] only when its effect is committed.
    async fn handle(&self, message: &Received) -> Result<Outcome, HandleError>;

    /// Takes several in, each within its span, and answers each in its place. After an error
    /// nobody knows which were: all come again, one at a time.
    async fn handle_all(&self, messages: &[Received]) -> Result<Vec<Outcome>, HandleError> {
        let mut outcomes = Vec::with_capacity(messages.len());
        for message in messages {
            outcomes.push(self.handle(message).instrument(message.span()).await?);
        }
        Ok(outcomes)
    }
}

/// A message as a handler sees it.
#[derive(Debug, Clone)]
pub struct Received {
    /// The queue it came from.
    pub queue: Queue,
    /// Which counted attempt this is, from 1.
    pub attempt: u32,
    /// When this attempt came.
    pub received_at: DateTime<Utc>,
    /// The message.
    pub envelope: RawEnvelope,
    span: Span,
}

impl Received {
    /// A message that came, outside any trace.
    #[must_use]
    pub fn new(
        queue: Queue,
        attempt: u32,
        received_at: DateTime<Utc>,
        envelope: RawEnvelope,
    ) -> Self {
        Self { queue, attempt, received_at, envelope, span: Span::none() }
    }

    /// What is done about it, in the trace it continues.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    fn traced(self) -> Self {
        let span = tracing::info_span!(
            "consume",
            otel.kind = "consumer",
            messaging.destination.name = self.queue.name,
            message.id = %self.envelope.id,
            message.kind = %self.envelope.kind,
            message.attempt = self.attempt,
            order.id = self.envelope.correlation_id.map(tracing::field::display),
        );
        crate::trace::set_parent(&span, self.envelope.traceparent.as_deref());
        Self { span, ..self }
    }

    /// Reads the data as the message it says it is.
    ///
    /// # Errors
    /// When it is another message or lacks a field: a reason to reject.
    pub fn decode<T: Message>(&self) -> Result<Envelope<T>, DecodeError> {
        self.envelope.decode()
    }
}

/// A handler's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its effect is committed, now or before.
    Done,
    /// It may work later; the attempt counts.
    Retry(String),
    /// It never will.
    Reject(String),
}

/// Why a handler could not answer.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// The handler's own dependency is away: the consumer pauses until it is back, and the
    /// attempt does not count.
    #[error("a dependency is away")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something went wrong: tried again, and counted.
    #[error("could not handle the message")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A transaction lost against another: the same work may succeed at once.
    #[error("a transaction lost against another")]
    Conflict(#[source] DbErr),
    /// The message is not what its type promises: rejected.
    #[error("the message cannot be read")]
    Malformed(#[from] DecodeError),
}

impl HandleError {
    /// Something went wrong that another try may cure.
    pub fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Failed(error.into())
    }

    /// What becomes of the one message that met it.
    fn outcome(&self) -> Outcome {
        match self {
            Self::Malformed(error) => Outcome::Reject(chain(error)),
            Self::Conflict(error) => Outcome::Retry(chain(error)),
            Self::Failed(source) | Self::Unavailable(source) => Outcome::Retry(chain(&**source)),
        }
    }
}

impl From<DbErr> for HandleError {
    fn from(error: DbErr) -> Self {
        if chassis_db::is_unavailable(&error) {
            Self::Unavailable(error.into())
        } else if chassis_db::is_conflict(&error) {
            Self::Conflict(error)
        } else {
            Self::Failed(error.into())
        }
    }
}

/// What a handler cannot work without.
#[async_trait]
pub trait Dependency: Send + Sync {
    /// Whether it answers now.
    async fn is_up(&self) -> bool;
}

#[async_trait]
impl Dependency for DatabaseConnection {
    async fn is_up(&self) -> bool {
        chassis_db::is_up(self).await
    }
}

/// How often, and after what delays, a message is tried again.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Counted attempts before a message is a dead letter.
    pub max_attempts: u32,
    /// The delays between them.
    pub backoff: Backoff,
}

impl Default for RetryPolicy {
    /// Eight attempts over about two minutes: what has not cured itself by then needs a person.
    fn default() -> Self {
        let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));
        Self { max_attempts: 8, backoff }
    }
}

/// Runs a handler over a queue.
pub struct Consumer {
    queue: Queue,
    broker: Arc<dyn Broker>,
    handler: Arc<dyn Handler>,
    dependency: Arc<dyn Dependency>,
    lanes: u16,
    batch: u16,
    retry: RetryPolicy,
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consumer").field("queue", &self.queue.name).finish_non_exhaustive()
    }
}

impl Consumer {
    /// A consumer that handles up to eight messages at once: about as many transactions as keep
    /// a store busy, and fewer than the connections of a pool.
    #[must_use]
    pub fn new(
        queue: Queue,
        broker: Arc<dyn Broker>,
        handler: Arc<dyn Handler>,
        dependency: Arc<dyn Dependency>,
    ) -> Self {
        let retry = RetryPolicy::default();
        Self { queue, broker, handler, dependency, lanes: 8, batch: 1, retry }
    }

    /// The same consumer with another retry policy.
    #[must_use]
    pub fn with_retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    /// The same consumer handling `concurrency` messages at once.
    #[must_use]
    pub fn with_concurrency(self, concurrency: u16) -> Self {
        Self { lanes: concurrency.max(1), batch: 1, ..self }
    }

    /// The same consumer handing what waits to [`Handler::handle_all`], up to `most` messages: under
    /// load one round trip serves many, and a message that comes alone waits for nobody.
    #[must_use]
    pub fn in_batches(self, most: u16) -> Self {
        Self { lanes: 1, batch: most.max(1), ..self }
    }

    /// Consumes until told to stop; what is in a handler's hands then is finished first.
    pub async fn run(self, stop: CancellationToken) {
        for outcome in ["done", "retried", "rejected", "paused"] {
            // Begun at zero, so that the first of a kind is seen as a rise.
            self.count_by(outcome, 0);
        }
        // Twice as many as are handled: the next is here when one is done, and few are stuck with
        // us when we are not well.
        let prefetch = self.lanes.saturating_mul(self.batch).saturating_mul(2);
        let subscription = Mutex::new(self.broker.subscribe(self.queue, prefetch).await);
        let lanes = (0..self.lanes).map(|_| self.lane(&subscription, &stop));
        futures::future::join_all(lanes).await;
    }

    async fn lane(&self, subscription: &Mutex<Box<dyn Subscription>>, stop: &CancellationToken) {
        loop {
            let deliveries = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                deliveries = self.next(subscription) => deliveries,
            };
            if let Err(error) = self.take(deliveries, stop).await {
                // Not settled: the broker delivers it again, and the inbox knows it.
                tracing::warn!(%error, queue = self.queue.name, "could not answer the broker");
            }
        }
    }

    async fn next(&self, subscription: &Mutex<Box<dyn Subscription>>) -> Vec<Delivery> {
        let mut subscription = subscription.lock().await;
        let mut deliveries = vec![subscription.next().await];
        deliveries.extend(subscription.waiting(usize::from(self.batch) - 1).await);
        deliveries
    }

    async fn take(
        &self,
        deliveries: Vec<Delivery>,
        stop: &CancellationToken,
    ) -> Result<(), BrokerError> {
        let (mut messages, mut settles) = (Vec::new(), Vec::new());
        for delivery in deliveries {
            let Delivery { body, attempt, received_at, settle, .. } = delivery;
            match serde_json::from_slice(&body) {
                Ok(envelope) => {
                    let message = Received::new(self.queue, attempt, received_at, envelope);
                    messages.push(message.traced());
                    settles.push(settle);
                }
                Err(error) => self.throw_out(settle, &error).await,
            }
        }
        if messages.is_empty() {
            return Ok(());
        }
        let Some(outcomes) = self.answers(&messages, stop).await else {
            return Ok(());
        };
        if self.lanes == 1 && outcomes.iter().all(|outcome| *outcome == Outcome::Done) {
            messages.iter().for_each(|_| self.count("done"));
            return match settles.pop() {
                Some(last) => last.done_with(settles).await,
                None => Ok(()),
            };
        }
        let answers = settles.into_iter().zip(&messages).zip(outcomes);
        let settled = answers.map(|((settle, message), outcome)| {
            self.settle(settle, message, outcome).instrument(message.span())
        });
        // Each is answered, also after one that could not be.
        futures::future::join_all(settled).await.into_iter().collect()
    }

    async fn throw_out(&self, settle: Box<dyn Settle>, error: &serde_json::Error) {
        self.count("rejected");
        tracing::error!(%error, queue = self.queue.name, "a message is no envelope");
        if let Err(error) = settle.reject(&format!("not an envelope: {error}")).await {
            // It comes again. Those that came with it are none the worse.
            tracing::warn!(%error, queue = self.queue.name, "could not answer the broker");
        }
    }

    async fn settle(
        &self,
        settle: Box<dyn Settle>,
        message: &Received,
        outcome: Outcome,
    ) -> Result<(), BrokerError> {
        match outcome {
            Outcome::Done => {
                self.count("done");
                settle.done().await
            }
            Outcome::Retry(reason) if message.attempt < self.retry.max_attempts => {
                self.count("retried");
                tracing::warn!(reason, "a message is tried again later");
                let delay = self.retry.backoff.after(message.attempt);
                settle.retry(message.attempt + 1, delay, &reason).await
            }
            Outcome::Retry(reason) | Outcome::Reject(reason) => {
                self.count("rejected");
                tracing::error!(reason, "a message is a dead letter");
                settle.reject(&reason).await
            }
        }
    }

    /// The handler's answers; none when told to stop while a dependency is away.
    async fn answers(
        &self,
        messages: &[Received],
        stop: &CancellationToken,
    ) -> Option<Vec<Outcome>> {
        loop {
            match self.handler.handle_all(messages).await {
                Ok(outcomes) => return Some(outcomes),
                Err(HandleError::Unavailable(source)) => {
                    tracing::warn!(error = &*source as &dyn std::error::Error, "paused");
                    self.count("paused");
                    self.until_up(stop).await?;
                }
                Err(error) if messages.len() == 1 => return Some(vec![error.outcome()]),
                // One that fails must not keep the others out.
                Err(_) => break,
            }
        }
        let mut outcomes = Vec::with_capacity(messages.len());
        for message in messages {
            let alone = Box::pin(self.answers(std::slice::from_ref(message), stop));
            outcomes.extend(alone.await?);
        }
        Some(outcomes)
    }

    /// Holds this lane, and with it what it would take next, until the dependency answers.
    async fn until_up(&self, stop: &CancellationToken) -> Option<()> {
        let backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(2));
        for failures in 1.. {
            tokio::select! {
                () = stop.cancelled() => return None,
                () = tokio::time::sleep(backoff.after(failures)) => {}
            }
            if self.dependency.is_up().await {
                break;
            }
        }
        Some(())
    }

    fn count(&self, outcome: &'static str) {
        self.count_by(outcome, 1);
    }

    fn count_by(&self, outcome: &'static str, by: u64) {
        metrics::counter!(
            "messages_handled_total",
            "service" => service_of(self.queue),
            "queue" => self.queue.name,
            "outcome" => outcome,
        )
        .increment(by);
    }
}

/// The service a queue belongs to: what stands before the dot in its name.
pub(crate) fn service_of(queue: Queue) -> &'static str {
    queue.name.split('.').next().unwrap_or(queue.name)
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
