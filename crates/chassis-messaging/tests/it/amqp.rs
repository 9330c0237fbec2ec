//! What only a broker behind a connection can do to its users.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chassis_messaging::{AmqpBroker, AmqpOptions, Broker, BrokerError, Subscription};
use lapin::options::{ExchangeDeleteOptions, QueueDeleteOptions};
use lapin::{Connection, ConnectionProperties};
use shop_contracts::routing::ORDER_PRICES;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{BOUND, RETRY_DELAY, price, within};

#[tokio::test]
async fn a_message_that_could_not_be_moved_is_delivered_again() {
    let Some(url) = testkit::amqp_url() else { return };
    let prefix = testkit::prefix();
    let broker = connect(&url, &prefix).await;
    let message = price(1);
    broker.publish(std::slice::from_ref(&message)).await;
    let mut subscription = broker.subscribe(ORDER_PRICES, 1).await;
    let delivery = within(subscription.next()).await;

    delete_delays(&url, &prefix).await;
    delivery.settle.retry(2, RETRY_DELAY, "not now").await.unwrap_err();

    within(retry_until_moved(&mut *subscription)).await;
    let again = within(subscription.next()).await;
    assert_eq!((again.message_id, again.attempt), (message.id, 2));
}

#[tokio::test]
async fn a_queue_that_goes_while_a_batch_is_in_hand_is_consumed_from_again() {
    let Some(url) = testkit::amqp_url() else { return };
    let prefix = testkit::prefix();
    let broker = connect(&url, &prefix).await;
    broker.publish(&[price(1)]).await;
    let mut subscription = broker.subscribe(ORDER_PRICES, 8).await;
    within(subscription.next()).await;

    delete_queue(&url, &format!("{prefix}{}", ORDER_PRICES.name)).await;
    // The server says once, and at a moment of its own, that it will deliver no more.
    let heard = async {
        loop {
            assert!(subscription.waiting(8).await.is_empty());
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(RETRY_DELAY, heard).await.unwrap_err();

    // Another instance declares everything again.
    let another = connect(&url, &prefix).await;
    let message = price(2);
    another.publish(std::slice::from_ref(&message)).await[0].clone().unwrap();
    assert_eq!(within(subscription.next()).await.message_id, message.id);
}

#[tokio::test]
async fn publishing_to_a_server_that_reads_no_more_ends_within_seconds() {
    let Some(url) = testkit::amqp_url() else { return };
    let stuck = Arc::new(AtomicBool::default());
    let broker = connect(&through_a_pipe(&url, stuck.clone()).await, &testkit::prefix()).await;
    // More than sockets and pipes hold between the two.
    let mut message = price(1);
    message.data = serde_json::json!("x".repeat(1_000_000));
    let messages = vec![message; 32];

    stuck.store(true, Ordering::SeqCst);
    let results = within(broker.publish(&messages)).await;

    assert_eq!(results.len(), 32);
    assert!(results.iter().all(|result| matches!(result, Err(BrokerError::Unconfirmed))));
}

async fn connect(url: &str, prefix: &str) -> Arc<AmqpBroker> {
    let mut options = AmqpOptions::new(prefix, "test").for_a_test();
    options.retry_delays = vec![RETRY_DELAY];
    let broker = AmqpBroker::connect(url, options);
    testkit::eventually(BOUND, || async { broker.is_connected() }).await;
    broker
}

async fn delete_queue(url: &str, name: &str) {
    let connection = Connection::connect(url, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel.queue_delete(name.into(), QueueDeleteOptions::default()).await.unwrap();
}

/// Takes away what retries go through; whoever uses it loses the channel he publishes on.
async fn delete_delays(url: &str, prefix: &str) {
    let connection = Connection::connect(url, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    let name = format!("{prefix}shop.delay.{}ms", RETRY_DELAY.as_millis());
    channel.exchange_delete(name.into(), ExchangeDeleteOptions::default()).await.unwrap();
}

async fn retry_until_moved(subscription: &mut dyn Subscription) {
    loop {
        let delivery = subscription.next().await;
        if delivery.settle.retry(2, RETRY_DELAY, "not now").await.is_ok() {
            return;
        }
    }
}

/// An address that leads to the server until the pipe is stuck.
async fn through_a_pipe(url: &str, stuck: Arc<AtomicBool>) -> String {
    let (before, rest) = url.split_once('@').unwrap();
    let (server, path) = rest.split_once('/').unwrap();
    let (server, pipe) = (server.to_owned(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let url = format!("{before}@{}/{path}", pipe.local_addr().unwrap());
    let ends = Mutex::new(Vec::new());
    #[expect(clippy::disallowed_methods, reason = "a test owns its tasks")]
    tokio::spawn(async move {
        while let Ok((client, _)) = pipe.accept().await {
            let (mut from, mut to) = client.into_split();
            let server = TcpStream::connect(&server).await.unwrap();
            let (mut back, mut forth) = server.into_split();
            let stuck = stuck.clone();
            let task = tokio::spawn(async move { tokio::io::copy(&mut back, &mut to).await });
            ends.lock().unwrap().push(task);
            tokio::spawn(async move {
                let mut bytes = vec![0; 16_384];
                while let Ok(read) = from.read(&mut bytes).await {
                    if stuck.load(Ordering::SeqCst) {
                        std::future::pending::<()>().await;
                    }
                    if read == 0 || forth.write_all(&bytes[..read]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}
