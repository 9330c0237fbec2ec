//! RabbitMQ as a stranger uses it: any bytes into any queue.

use lapin::options::{BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::{AMQPValue, FieldTable, LongString, ShortString};
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties};

/// A channel with confirms.
pub(crate) struct RawQueue {
    channel: Channel,
    // Open for as long as the channel is used.
    _connection: Connection,
}

impl RawQueue {
    pub(crate) async fn reach(url: &str) -> Self {
        let connection = Connection::connect(url, ConnectionProperties::default()).await.unwrap();
        let channel = connection.create_channel().await.unwrap();
        channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
        Self { channel, _connection: connection }
    }

    /// Puts bytes into one queue.
    pub(crate) async fn put(&self, queue: &str, body: &[u8]) {
        self.send("", queue, body, BasicProperties::default()).await;
    }

    /// Publishes bytes as if they were an event of this type.
    pub(crate) async fn publish(&self, kind: &str, body: &[u8]) {
        self.send("shop.events", kind, body, BasicProperties::default()).await;
    }

    /// Takes the message that holds `text` out of a queue and puts it with its dead letters.
    pub(crate) async fn bury(&self, queue: &str, text: &str) -> bool {
        let queue = ShortString::try_new(queue).unwrap();
        while let Some(message) =
            self.channel.basic_get(queue.clone(), BasicGetOptions::default()).await.unwrap()
        {
            if !String::from_utf8_lossy(&message.data).contains(text) {
                // Not acknowledged: it goes back when the channel closes.
                continue;
            }
            let mut headers = FieldTable::default();
            let reason = AMQPValue::LongString(LongString::from("buried by a test"));
            headers.insert("x-shop-reason".into(), reason);
            let properties = message.properties.clone().with_headers(headers);
            self.send("", &format!("{queue}.dead"), &message.data, properties).await;
            message.acker.ack(BasicAckOptions::default()).await.unwrap();
            return true;
        }
        false
    }

    async fn send(&self, exchange: &str, key: &str, body: &[u8], properties: BasicProperties) {
        let (exchange, key) =
            (ShortString::try_new(exchange).unwrap(), ShortString::try_new(key).unwrap());
        let options = BasicPublishOptions { mandatory: true, ..Default::default() };
        let properties = properties.with_delivery_mode(2);
        let sent =
            self.channel.basic_publish(exchange, key, options, body, properties).await.unwrap();
        let confirmed = sent.await.unwrap();
        assert!(matches!(confirmed, Confirmation::Ack(None)), "it went nowhere");
    }
}
