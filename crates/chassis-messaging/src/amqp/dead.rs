//! Looking at dead letters, and putting them back or away.

use std::time::Duration;

use chrono::{DateTime, Utc};
use lapin::message::BasicGetMessage;
use lapin::options::{BasicAckOptions, BasicGetOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel};
use shop_contracts::routing::Queue;
use tokio::time::Instant;
use uuid::Uuid;

use super::link::{self, ATTEMPT, DEAD_AT, Link, REASON, from_lapin};
use super::subscription::{attempt_of, message_id_of};
use super::topology::Names;
use crate::broker::{BrokerError, DeadLetter, readable};

/// A quorum queue takes messages back in its own time, which is milliseconds.
const BACK_WITHIN: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(20);

pub(super) async fn list(
    link: &Link,
    names: &Names,
    queue: Queue,
    limit: usize,
) -> Result<Vec<DeadLetter>, BrokerError> {
    let hand = Hand::reach(link, names, queue).await?;
    let mut letters = Vec::new();
    while letters.len() < limit
        && let Some(message) = hand.next().await?
    {
        letters.push(letter(&message));
    }
    hand.put_back(link, letters.len() as u64).await?;
    Ok(letters)
}

pub(super) async fn replay(
    link: &Link,
    names: &Names,
    queue: Queue,
    only: Option<Uuid>,
) -> Result<u64, BrokerError> {
    // No more than there are now: one that dies again meanwhile waits for the next call.
    let there = link.count(&names.dead(queue)).await?;
    let hand = Hand::reach(link, names, queue).await?;
    let (mut replayed, mut held) = (0, 0);
    for _ in 0..there {
        let Some(message) = hand.next().await? else {
            break;
        };
        let id = message_id_of(&message.properties, &message.data);
        if only.is_some_and(|only| only != id) {
            held += 1;
            continue;
        }
        let properties = link::properties(id, first_attempt(&message.properties));
        link.deliver("".into(), names.queue(queue), &message.data, properties).await?;
        message.acker.ack(BasicAckOptions::default()).await.map_err(from_lapin)?;
        replayed += 1;
    }
    hand.put_back(link, held).await?;
    Ok(replayed)
}

pub(super) async fn discard(
    link: &Link,
    names: &Names,
    queue: Queue,
    message_id: Uuid,
) -> Result<bool, BrokerError> {
    let hand = Hand::reach(link, names, queue).await?;
    let (mut found, mut held) = (false, 0);
    while let Some(message) = hand.next().await? {
        if message_id_of(&message.properties, &message.data) == message_id {
            message.acker.ack(BasicAckOptions::default()).await.map_err(from_lapin)?;
            found = true;
            break;
        }
        held += 1;
    }
    hand.put_back(link, held).await?;
    Ok(found)
}

/// Holds dead letters while they are looked at: closing its channel puts back what was not
/// acknowledged.
struct Hand {
    channel: Channel,
    queue: lapin::types::ShortString,
}

impl Hand {
    async fn reach(link: &Link, names: &Names, queue: Queue) -> Result<Self, BrokerError> {
        Ok(Self { channel: link.channel().await?, queue: names.dead(queue) })
    }

    async fn next(&self) -> Result<Option<BasicGetMessage>, BrokerError> {
        self.channel
            .basic_get(self.queue.clone(), BasicGetOptions::default())
            .await
            .map_err(from_lapin)
    }

    /// Gives up what is held, and waits until the queue has it again: whoever looks next, as a
    /// replay after a list does, must not find fewer than there are.
    async fn put_back(self, link: &Link, held: u64) -> Result<(), BrokerError> {
        self.channel.close(200, "done".into()).await.map_err(from_lapin)?;
        let until = Instant::now() + BACK_WITHIN;
        // Others may take some of them meanwhile, so this is a bound and not a promise.
        while link.count(&self.queue).await? < held && Instant::now() < until {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }
}

fn letter(message: &BasicGetMessage) -> DeadLetter {
    let properties = &message.properties;
    DeadLetter {
        message_id: message_id_of(properties, &message.data),
        // The server itself moves what was delivered too often, and leaves no reason of ours.
        reason: header(properties, REASON)
            .unwrap_or_else(|| "delivered too often without an answer".to_owned()),
        attempts: attempt_of(properties),
        dead_at: header(properties, DEAD_AT)
            .and_then(|text| DateTime::parse_from_rfc3339(&text).ok())
            .map(|time| time.with_timezone(&Utc)),
        body: readable(&message.data),
    }
}

fn header(properties: &BasicProperties, key: &str) -> Option<String> {
    match properties.headers().as_ref()?.inner().get(key)? {
        AMQPValue::LongString(text) => Some(text.to_string()),
        _ => None,
    }
}

/// The headers of a dead letter without what its death added.
fn first_attempt(properties: &BasicProperties) -> FieldTable {
    let mut headers = FieldTable::default();
    for (key, value) in properties.headers().iter().flat_map(FieldTable::inner) {
        if ![ATTEMPT, REASON, DEAD_AT].contains(&key.as_str()) && !key.as_str().starts_with("x-") {
            headers.insert(key.clone(), value.clone());
        }
    }
    headers
}
