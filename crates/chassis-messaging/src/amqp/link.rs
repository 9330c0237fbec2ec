//! One connection while it lasts, and the task that replaces it when it does not.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, LongString, ShortString};
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, PublisherConfirm,
};
use shop_contracts::RawEnvelope;
use tokio::sync::watch;
use uuid::Uuid;

use super::topology::{self, Names};
use crate::Backoff;
use crate::broker::BrokerError;

pub(super) const ATTEMPT: &str = "x-shop-attempt";
pub(super) const REASON: &str = "x-shop-reason";
pub(super) const DEAD_AT: &str = "x-shop-dead-at";

/// A server that takes longer to say hello is not well.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The client reports most losses itself; this finds a publishing channel that was closed alone.
const CHECK_EVERY: Duration = Duration::from_millis(500);

/// A connection with its publishing channel, good until either is lost.
#[derive(Debug)]
pub(super) struct Link {
    connection: Connection,
    publisher: Channel,
}

impl Link {
    async fn open(url: &str, name: &str, names: &Names) -> lapin::Result<Self> {
        // The client's own recovery parks publishes while the server is away; here they fail at
        // once and stay in the outbox.
        let properties =
            ConnectionProperties::default().with_connection_name(LongString::from(name));
        let connection = Connection::connect(url, properties).await?;
        let publisher = connection.create_channel().await?;
        topology::declare(&publisher, names).await?;
        publisher.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(Self { connection, publisher })
    }

    pub(super) fn is_up(&self) -> bool {
        self.connection.status().connected() && self.publisher.status().connected()
    }

    pub(super) async fn channel(&self) -> Result<Channel, BrokerError> {
        self.connection.create_channel().await.map_err(from_lapin)
    }

    /// Sends a message to the topic exchange under its type.
    pub(super) async fn send_event(
        &self,
        names: &Names,
        message: &RawEnvelope,
    ) -> Result<PublisherConfirm, BrokerError> {
        let body = serde_json::to_vec(message)
            .map_err(|error| BrokerError::Refused(format!("not JSON: {error}")))?;
        let key = ShortString::try_new(message.kind.as_str())
            .map_err(|_| BrokerError::Unroutable(message.kind.clone()))?;
        let mut headers = FieldTable::default();
        if let Some(traceparent) = &message.traceparent {
            headers.insert("traceparent".into(), text(traceparent));
        }
        self.send(names.exchange(), key, &body, properties(message.id, headers)).await
    }

    /// Sends a body anywhere; the confirm is still to be waited for.
    pub(super) async fn send(
        &self,
        exchange: ShortString,
        key: ShortString,
        body: &[u8],
        properties: BasicProperties,
    ) -> Result<PublisherConfirm, BrokerError> {
        let options = BasicPublishOptions { mandatory: true, ..Default::default() };
        self.publisher
            .basic_publish(exchange, key, options, body, properties)
            .await
            .map_err(from_lapin)
    }

    /// Sends a body to one queue through the default exchange, and waits until it is safe there.
    pub(super) async fn deliver(
        &self,
        exchange: ShortString,
        key: ShortString,
        body: &[u8],
        properties: BasicProperties,
    ) -> Result<(), BrokerError> {
        let name = key.to_string();
        let sent = async {
            let confirm = self.send(exchange, key, body, properties).await?;
            confirmed(confirm, &name).await
        };
        tokio::time::timeout(super::CONFIRM_TIMEOUT, sent)
            .await
            .map_err(|_| BrokerError::Unconfirmed)?
    }

    /// Counts the ready messages of a queue.
    pub(super) async fn count(&self, queue: &ShortString) -> Result<u64, BrokerError> {
        // On a channel of its own: the server closes the channel when the queue is not there.
        let channel = self.channel().await?;
        let options = QueueDeclareOptions { passive: true, ..Default::default() };
        let found = channel
            .queue_declare(queue.clone(), options, FieldTable::default())
            .await
            .map_err(from_lapin)?;
        let count = u64::from(found.message_count());
        channel.close(200, "done".into()).await.map_err(from_lapin)?;
        Ok(count)
    }
}

/// Properties of a message that outlives a restart of the server.
pub(super) fn properties(id: Uuid, headers: FieldTable) -> BasicProperties {
    BasicProperties::default()
        .with_content_type("application/cloudevents+json".into())
        .with_message_id(ShortString::try_new(id.to_string()).unwrap_or_default())
        .with_delivery_mode(2)
        .with_headers(headers)
}

pub(super) fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(LongString::from(value))
}

/// Waits for a confirm; `what` names the type or queue in the error.
pub(super) async fn confirmed(confirm: PublisherConfirm, what: &str) -> Result<(), BrokerError> {
    match confirm.await.map_err(from_lapin)? {
        Confirmation::Ack(None) => Ok(()),
        // Acknowledged and returned: the server is done with it, but no queue took it.
        Confirmation::Ack(Some(_)) => Err(BrokerError::Unroutable(what.to_owned())),
        Confirmation::Nack(_) => Err(BrokerError::Refused("negative confirm".to_owned())),
        Confirmation::NotRequested => Err(BrokerError::Unconfirmed),
    }
}

pub(super) fn from_lapin(error: lapin::Error) -> BrokerError {
    if error.is_amqp_soft_error() {
        BrokerError::Refused(error.to_string())
    } else {
        BrokerError::Away
    }
}

/// Keeps a link in `current`, for ever.
pub(super) async fn keep(
    url: String,
    name: String,
    names: Arc<Names>,
    current: watch::Sender<Option<Arc<Link>>>,
) {
    let backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(2));
    let mut failures = 0;
    loop {
        let open = Link::open(&url, &name, &names);
        match tokio::time::timeout(CONNECT_TIMEOUT, open).await {
            Ok(Ok(link)) => {
                failures = 0;
                tracing::info!("connected to the broker");
                let link = Arc::new(link);
                current.send_replace(Some(link.clone()));
                until_lost(&link).await;
                current.send_replace(None);
                tracing::warn!("lost the broker");
            }
            Ok(Err(error)) => {
                failures += 1;
                report(failures, &error.to_string());
            }
            Err(_) => {
                failures += 1;
                report(failures, "no answer");
            }
        }
        tokio::time::sleep(backoff.after(failures)).await;
    }
}

async fn until_lost(link: &Link) {
    let mut events = link.connection.events_listener();
    while link.is_up() {
        // Any event is a reason to look; so is a while without one.
        let _ = tokio::time::timeout(CHECK_EVERY, events.next()).await;
    }
}

/// Says so at the first failure and then ever more rarely: an outage must not fill the log.
fn report(failures: u32, error: &str) {
    if failures.is_power_of_two() {
        tracing::warn!(error, failures, "cannot reach the broker; trying again");
    }
}
