//! Exchanges and queues: their names, and declaring them.

use std::time::Duration;

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, LongString, ShortString};
use lapin::{Channel, ExchangeKind};
use shop_contracts::routing::{EXCHANGE, QUEUES, Queue};

use super::AmqpOptions;

/// A message delivered this often without an answer has killed its consumer each time. Kills and
/// restarts of good consumers count too, so it is generous.
const DELIVERY_LIMIT: i64 = 1_000;
/// Each look at a dead letter is a delivery, and past a limit the server would throw it away: by
/// itself RabbitMQ 4 sets that limit at 20. Older servers know no word for none.
const LOOKS_LIMIT: i64 = 2_000_000_000;

/// The names of everything, with the prefix of this shop.
#[derive(Debug)]
pub(super) struct Names {
    prefix: String,
    delays: Vec<Duration>,
    expires: Option<Duration>,
}

impl Names {
    pub(super) fn new(options: &AmqpOptions) -> Self {
        Self {
            prefix: options.prefix.clone(),
            delays: options.retry_delays.clone(),
            expires: options.unused_queues_live,
        }
    }

    pub(super) fn exchange(&self) -> ShortString {
        self.full(EXCHANGE)
    }

    pub(super) fn queue(&self, queue: Queue) -> ShortString {
        self.full(queue.name)
    }

    pub(super) fn dead(&self, queue: Queue) -> ShortString {
        self.full(&format!("{}.dead", queue.name))
    }

    /// The exchange that holds messages for at least `delay`, or the longest there is.
    pub(super) fn delay(&self, delay: Duration) -> ShortString {
        let fitting = self.delays.iter().find(|held| **held >= delay).or(self.delays.last());
        self.held_for(fitting.copied().unwrap_or_default())
    }

    fn held_for(&self, delay: Duration) -> ShortString {
        self.full(&format!("shop.delay.{}ms", delay.as_millis()))
    }

    fn full(&self, name: &str) -> ShortString {
        // Names are ours and short; AMQP takes 255 bytes.
        ShortString::try_new(format!("{}{name}", self.prefix)).unwrap_or_default()
    }
}

/// Declares everything, as often as one likes.
pub(super) async fn declare(channel: &Channel, names: &Names) -> lapin::Result<()> {
    exchange(channel, names.exchange(), ExchangeKind::Topic).await?;
    for queue in QUEUES {
        let looks = ("x-delivery-limit", AMQPValue::LongLongInt(LOOKS_LIMIT));
        declare_queue(channel, names.dead(queue), quorum(names, [looks])).await?;
        let arguments = quorum(
            names,
            [
                ("x-delivery-limit", AMQPValue::LongLongInt(DELIVERY_LIMIT)),
                // Past the limit the server itself moves the message, and keeps it until it has.
                ("x-dead-letter-exchange", text("")),
                ("x-dead-letter-routing-key", text(names.dead(queue).as_str())),
                ("x-dead-letter-strategy", text("at-least-once")),
                ("x-overflow", text("reject-publish")),
            ],
        );
        declare_queue(channel, names.queue(queue), arguments).await?;
        for kind in queue.types {
            bind(channel, names.queue(queue), names.exchange(), kind).await?;
        }
    }
    for delay in &names.delays {
        declare_delay(channel, names, *delay).await?;
    }
    Ok(())
}

/// A queue that holds each message for `delay` and then gives it to the default exchange.
///
/// It dead-letters without a routing key of its own, so a message keeps the one it was published
/// with: the name of the one queue it returns to.
async fn declare_delay(channel: &Channel, names: &Names, delay: Duration) -> lapin::Result<()> {
    let name = names.held_for(delay);
    let ttl = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
    exchange(channel, name.clone(), ExchangeKind::Fanout).await?;
    let arguments = quorum(
        names,
        [
            ("x-message-ttl", AMQPValue::LongLongInt(ttl)),
            ("x-dead-letter-exchange", text("")),
            ("x-dead-letter-strategy", text("at-least-once")),
            ("x-overflow", text("reject-publish")),
        ],
    );
    declare_queue(channel, name.clone(), arguments).await?;
    bind(channel, name.clone(), name.clone(), "").await
}

async fn exchange(channel: &Channel, name: ShortString, kind: ExchangeKind) -> lapin::Result<()> {
    let options = ExchangeDeclareOptions { durable: true, ..Default::default() };
    channel.exchange_declare(name, kind, options, FieldTable::default()).await
}

async fn declare_queue(
    channel: &Channel,
    name: ShortString,
    arguments: FieldTable,
) -> lapin::Result<()> {
    channel.queue_declare(name, QueueDeclareOptions::durable(), arguments).await?;
    Ok(())
}

async fn bind(
    channel: &Channel,
    queue: ShortString,
    exchange: ShortString,
    key: &str,
) -> lapin::Result<()> {
    let key = ShortString::try_new(key).unwrap_or_default();
    channel
        .queue_bind(queue, exchange, key, QueueBindOptions::default(), FieldTable::default())
        .await
}

fn quorum<const N: usize>(names: &Names, more: [(&str, AMQPValue); N]) -> FieldTable {
    let mut table = FieldTable::default();
    table.insert("x-queue-type".into(), text("quorum"));
    if let Some(expires) = names.expires {
        let millis = i64::try_from(expires.as_millis()).unwrap_or(i64::MAX);
        table.insert("x-expires".into(), AMQPValue::LongLongInt(millis));
    }
    for (key, value) in more {
        table.insert(ShortString::try_new(key).unwrap_or_default(), value);
    }
    table
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(LongString::from(value))
}
