//! Consuming one queue through every loss of the connection.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::{FutureExt as _, StreamExt as _};
use lapin::Acker;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicNackOptions, BasicQosOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Consumer};
use shop_contracts::routing::Queue;
use shop_kernel::{Clock as _, SystemClock};
use tokio::sync::watch;
use uuid::Uuid;

use super::link::{self, ATTEMPT, DEAD_AT, Link, REASON};
use super::topology::Names;
use crate::broker::{BrokerError, Delivery, Settle, Subscription};

/// A queue that cannot be consumed from right now is asked again after this.
const RESUBSCRIBE_AFTER: Duration = Duration::from_millis(200);

pub(super) struct AmqpSubscription {
    links: watch::Receiver<Option<Arc<Link>>>,
    names: Arc<Names>,
    queue: Queue,
    prefetch: u16,
    open: Option<(Arc<Link>, Consumer)>,
    /// What is open has said its last word; what it gave out may still be in somebody's hands.
    ended: bool,
}

impl AmqpSubscription {
    pub(super) fn new(
        links: watch::Receiver<Option<Arc<Link>>>,
        names: Arc<Names>,
        queue: Queue,
        prefetch: u16,
    ) -> Self {
        Self { links, names, queue, prefetch, open: None, ended: false }
    }

    async fn open(&mut self) -> Result<(Arc<Link>, Consumer), BrokerError> {
        // Cloned out at once: the guard must not live on through an await.
        let link = self.links.wait_for(Option::is_some).await.map(|link| link.clone());
        let link = match link {
            Ok(link) => link.ok_or(BrokerError::Away)?,
            // The broker was dropped: nothing will ever come.
            Err(_) => std::future::pending().await,
        };
        // lapin loses track of a `basic.consume` that is dropped before its answer: the server goes
        // on feeding a consumer nobody reads. A task of its own is not dropped with the caller, and
        // what it opened is closed when nobody takes it.
        let consume = consume(link.clone(), self.names.queue(self.queue), self.prefetch);
        #[expect(clippy::disallowed_methods, reason = "ends by itself: an answer, or a lost link")]
        let opened = tokio::spawn(consume);
        let consumer = opened.await.map_err(|_| BrokerError::Away)??;
        Ok((link, consumer))
    }

    fn delivery(&self, link: Arc<Link>, delivery: lapin::message::Delivery) -> Delivery {
        let attempt = attempt_of(&delivery.properties);
        let message_id = message_id_of(&delivery.properties, &delivery.data);
        let settle = AmqpSettle {
            link,
            names: self.names.clone(),
            queue: self.queue,
            acker: delivery.acker,
            message_id,
            attempt,
            body: delivery.data.clone(),
            headers: delivery.properties.headers().clone().unwrap_or_default(),
        };
        Delivery {
            message_id,
            body: delivery.data,
            attempt,
            received_at: SystemClock.now(),
            settle: Box::new(settle),
        }
    }
}

async fn consume(
    link: Arc<Link>,
    queue: ShortString,
    prefetch: u16,
) -> Result<Consumer, BrokerError> {
    let channel = link.channel().await?;
    channel.basic_qos(prefetch, BasicQosOptions::default()).await.map_err(link::from_lapin)?;
    channel
        .basic_consume(queue, "".into(), BasicConsumeOptions::default(), FieldTable::default())
        .await
        .map_err(link::from_lapin)
}

#[async_trait]
impl Subscription for AmqpSubscription {
    async fn next(&mut self) -> Delivery {
        loop {
            // What is taken over a link that cannot publish could be neither retried nor rejected.
            let ended = std::mem::take(&mut self.ended);
            self.open.take_if(|(link, _)| ended || !link.is_up());
            let (link, consumer) = match &mut self.open {
                Some(open) => open,
                None => match self.open().await {
                    Ok(open) => self.open.insert(open),
                    Err(error) => {
                        tracing::debug!(%error, queue = self.queue.name, "cannot consume yet");
                        tokio::time::sleep(RESUBSCRIBE_AFTER).await;
                        continue;
                    }
                },
            };
            if let Some(Ok(delivery)) = consumer.next().await {
                let link = link.clone();
                return self.delivery(link, delivery);
            }
            // Ended or failed: either way another consumer on the next link takes over.
            self.open = None;
            tokio::time::sleep(RESUBSCRIBE_AFTER).await;
        }
    }

    async fn waiting(&mut self, most: usize) -> Vec<Delivery> {
        let mut waiting = Vec::new();
        while waiting.len() < most
            && !self.ended
            && let Some((link, consumer)) = &mut self.open
            && let Some(came) = consumer.next().now_or_never()
        {
            match came {
                Some(Ok(delivery)) => {
                    let link = link.clone();
                    waiting.push(self.delivery(link, delivery));
                }
                // Said once only. Dropping the consumer here would close the channel under what
                // was just taken.
                None | Some(Err(_)) => self.ended = true,
            }
        }
        waiting
    }
}

#[derive(Debug)]
struct AmqpSettle {
    link: Arc<Link>,
    names: Arc<Names>,
    queue: Queue,
    acker: Acker,
    message_id: Uuid,
    attempt: u32,
    body: Vec<u8>,
    headers: FieldTable,
}

impl AmqpSettle {
    /// Gives this message up; with `multiple`, also every earlier one of its channel.
    async fn ack(&self, multiple: bool) -> Result<(), BrokerError> {
        self.acker.ack(BasicAckOptions { multiple }).await.map_err(link::from_lapin)?;
        Ok(())
    }

    /// Moves the message elsewhere, and gives it up here once it is safe there.
    async fn move_to(
        &self,
        exchange: ShortString,
        key: ShortString,
        properties: BasicProperties,
    ) -> Result<(), BrokerError> {
        if let Err(error) = self.link.deliver(exchange, key, &self.body, properties).await {
            // Kept without an answer it would stay ours for as long as the channel lives. Where
            // that is gone as well, the server has taken the message back by itself.
            let requeue = BasicNackOptions { requeue: true, ..Default::default() };
            let _ = self.acker.nack(requeue).await;
            return Err(error);
        }
        self.ack(false).await
    }

    fn properties(&self, attempt: u32, more: [(&str, &str); 2]) -> BasicProperties {
        let mut headers = self.headers.clone();
        headers.insert(ATTEMPT.into(), AMQPValue::LongUInt(attempt));
        for (key, value) in more.into_iter().filter(|(key, _)| !key.is_empty()) {
            headers.insert(key.into(), link::text(value));
        }
        link::properties(self.message_id, headers)
    }
}

#[async_trait]
impl Settle for AmqpSettle {
    async fn done(self: Box<Self>) -> Result<(), BrokerError> {
        self.ack(false).await
    }

    /// In one word: the server notes each of them in its log, and this way does it once.
    async fn done_with(self: Box<Self>, _: Vec<Box<dyn Settle>>) -> Result<(), BrokerError> {
        self.ack(true).await
    }

    async fn retry(
        self: Box<Self>,
        attempt: u32,
        delay: Duration,
        reason: &str,
    ) -> Result<(), BrokerError> {
        let properties = self.properties(attempt, [(REASON, reason), ("", "")]);
        let (hold, back_to) = (self.names.delay(delay), self.names.queue(self.queue));
        self.move_to(hold, back_to, properties).await
    }

    async fn reject(self: Box<Self>, reason: &str) -> Result<(), BrokerError> {
        let now = SystemClock.now().to_rfc3339();
        let properties = self.properties(self.attempt, [(REASON, reason), (DEAD_AT, &now)]);
        let dead = self.names.dead(self.queue);
        self.move_to("".into(), dead, properties).await
    }
}

pub(super) fn attempt_of(properties: &BasicProperties) -> u32 {
    let headers = properties.headers().as_ref();
    match headers.and_then(|headers| headers.inner().get(ATTEMPT)) {
        Some(AMQPValue::LongUInt(attempt)) => *attempt,
        _ => 1,
    }
}

/// The id the message carries, or one made from its content when a stranger sent it.
pub(super) fn message_id_of(properties: &BasicProperties, body: &[u8]) -> Uuid {
    let carried = properties.message_id().as_ref().and_then(|id| id.as_str().parse().ok());
    carried.unwrap_or_else(|| Uuid::new_v5(&Uuid::NAMESPACE_OID, body))
}
