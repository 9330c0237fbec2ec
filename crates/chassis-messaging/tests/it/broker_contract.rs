//! The contract of the broker port, run against both adapters.

use std::collections::BTreeSet;
use std::time::Instant;

use shop_contracts::Envelope;
use shop_contracts::order::{CancelReason, OrderCancelled};
use shop_contracts::routing::{
    CATALOG_ORDERS, EMAIL_NOTICES, HISTORY_FACTS, ORDER_PRICES, PAYMENT_ORDERS, QUEUES,
};
use shop_kernel::{Clock as _, CustomerId, OrderId, SystemClock};

use crate::support::{RETRY_DELAY, TestBroker, ids, price, released, within};

macro_rules! broker_contract {
    ($($fact:ident),* $(,)?) => {
        mod embedded {
            use super::*;
            $(#[tokio::test]
            async fn $fact() {
                super::$fact(TestBroker::embedded().await).await;
            })*
        }
        mod amqp {
            use super::*;
            $(#[tokio::test]
            async fn $fact() {
                if let Some(broker) = TestBroker::amqp().await {
                    super::$fact(broker).await;
                }
            })*
        }
    };
}

broker_contract! {
    a_message_goes_to_every_queue_that_lists_its_type_and_to_no_other,
    what_was_published_waits_for_its_first_consumer,
    a_message_of_an_unknown_type_is_refused,
    a_batch_is_confirmed_whole_and_delivered_once_each,
    two_consumers_share_a_queue,
    what_is_not_settled_is_delivered_again,
    what_is_done_never_comes_back,
    what_waits_is_taken_and_done_together,
    a_retry_comes_back_later_to_its_own_queue_as_the_next_attempt,
    a_rejected_message_is_a_dead_letter_with_its_reason,
    a_replayed_dead_letter_is_a_first_attempt_again,
    one_dead_letter_is_replayed_and_another_discarded,
    a_large_message_can_be_buried_and_read,
    everything_waiting_survives_a_restart,
}

async fn a_message_goes_to_every_queue_that_lists_its_type_and_to_no_other(test: TestBroker) {
    let order = OrderId::generate();
    let cancelled = OrderCancelled {
        order,
        customer: CustomerId::generate(),
        reason: CancelReason::ByCustomer,
        was_confirmed: false,
        cancelled_at: SystemClock.now(),
    };
    let message = Envelope::new("/order", order, 2, SystemClock.now(), cancelled);

    let results = test.broker.publish(&[message.into_raw().unwrap()]).await;

    assert!(matches!(results.as_slice(), [Ok(())]), "{results:?}");
    let listening = [PAYMENT_ORDERS, CATALOG_ORDERS, EMAIL_NOTICES, HISTORY_FACTS];
    for queue in QUEUES {
        let expected = u64::from(listening.contains(&queue));
        testkit::eventually(crate::support::BOUND, || async {
            test.broker.depth(queue).await.unwrap().ready == expected
        })
        .await;
    }
}

async fn what_was_published_waits_for_its_first_consumer(test: TestBroker) {
    let message = price(1);
    test.broker.publish(std::slice::from_ref(&message)).await[0].clone().unwrap();

    let delivery = test.next(ORDER_PRICES).await;

    assert_eq!(delivery.message_id, message.id);
    assert_eq!(delivery.attempt, 1);
    assert_eq!(delivery.body, serde_json::to_vec(&message).unwrap());
}

async fn a_message_of_an_unknown_type_is_refused(test: TestBroker) {
    let mut message = price(1);
    message.kind = "weather.changed.v1".to_owned();

    let results = test.broker.publish(&[message, price(2)]).await;

    assert!(results[0].is_err(), "{results:?}");
    assert!(results[1].is_ok(), "{results:?}");
}

async fn a_batch_is_confirmed_whole_and_delivered_once_each(test: TestBroker) {
    let messages: Vec<_> = (1..=300).map(price).collect();

    let results = test.broker.publish(&messages).await;

    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let mut subscription = test.broker.subscribe(ORDER_PRICES, 50).await;
    let mut delivered = BTreeSet::new();
    for _ in 0..messages.len() {
        let delivery = within(subscription.next()).await;
        delivered.insert(delivery.message_id);
        delivery.settle.done().await.unwrap();
    }
    assert_eq!(delivered, ids(&messages).into_iter().collect());
}

async fn two_consumers_share_a_queue(test: TestBroker) {
    let messages = [price(1), price(2)];
    let mut one = test.broker.subscribe(ORDER_PRICES, 1).await;
    let mut other = test.broker.subscribe(ORDER_PRICES, 1).await;
    test.broker.publish(&messages).await;

    let (first, second) = within(async { tokio::join!(one.next(), other.next()) }).await;

    let delivered = BTreeSet::from([first.message_id, second.message_id]);
    assert_eq!(delivered, ids(&messages).into_iter().collect());
}

async fn what_is_not_settled_is_delivered_again(test: TestBroker) {
    let message = price(1);
    test.broker.publish(std::slice::from_ref(&message)).await;

    drop(test.next(ORDER_PRICES).await);

    let again = test.next(ORDER_PRICES).await;
    assert_eq!((again.message_id, again.attempt), (message.id, 1));
}

async fn what_is_done_never_comes_back(test: TestBroker) {
    test.broker.publish(&[price(1)]).await;
    test.next(ORDER_PRICES).await.done().await;

    let test = test.reconnected().await;

    assert_eq!(test.broker.depth(ORDER_PRICES).await.unwrap().ready, 0);
}

async fn what_waits_is_taken_and_done_together(test: TestBroker) {
    let messages: Vec<_> = (1..=5).map(price).collect();
    test.broker.publish(&messages).await;
    let mut subscription = test.broker.subscribe(ORDER_PRICES, 10).await;

    let mut taken = vec![within(subscription.next()).await];
    within(async {
        while taken.len() < 4 {
            tokio::task::yield_now().await;
            taken.extend(subscription.waiting(4 - taken.len()).await);
        }
    })
    .await;
    let came: BTreeSet<_> = taken.iter().map(|delivery| delivery.message_id).collect();
    let last = taken.pop().unwrap();
    let before = taken.into_iter().map(|delivery| delivery.settle).collect();
    last.settle.done_with(before).await.unwrap();
    drop(subscription);
    let test = test.reconnected().await;

    let left = test.next(ORDER_PRICES).await;
    assert!(!came.contains(&left.message_id), "only the fifth comes");
    left.done().await;
    testkit::eventually(crate::support::BOUND, || async {
        test.broker.depth(ORDER_PRICES).await.unwrap().ready == 0
    })
    .await;
}

async fn a_retry_comes_back_later_to_its_own_queue_as_the_next_attempt(test: TestBroker) {
    let message = released(OrderId::generate(), CustomerId::generate());
    test.broker.publish(std::slice::from_ref(&message)).await;
    let delivery = test.next(HISTORY_FACTS).await;
    let asked = Instant::now();

    delivery.retry(2, "not now").await;

    let again = test.next(HISTORY_FACTS).await;
    assert!(asked.elapsed() >= RETRY_DELAY);
    assert_eq!((again.message_id, again.attempt), (message.id, 2));
    assert_eq!(again.body, serde_json::to_vec(&message).unwrap());
    for queue in QUEUES.into_iter().filter(|queue| *queue != HISTORY_FACTS) {
        assert_eq!(test.broker.depth(queue).await.unwrap().ready, 0, "{}", queue.name);
    }
}

async fn a_rejected_message_is_a_dead_letter_with_its_reason(test: TestBroker) {
    let message = price(1);
    test.broker.publish(std::slice::from_ref(&message)).await;

    test.next(ORDER_PRICES).await.reject("no such product").await;

    let letters = test.broker.dead_letters(ORDER_PRICES, 10).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].message_id, message.id);
    assert_eq!(letters[0].reason, "no such product");
    assert_eq!(letters[0].body, serde_json::to_value(&message).unwrap());
    assert!(letters[0].dead_at.is_some());
    testkit::eventually(crate::support::BOUND, || async {
        let depth = test.broker.depth(ORDER_PRICES).await.unwrap();
        (depth.ready, depth.dead) == (0, 1)
    })
    .await;
}

async fn a_replayed_dead_letter_is_a_first_attempt_again(test: TestBroker) {
    let message = price(1);
    test.broker.publish(std::slice::from_ref(&message)).await;
    let delivery = test.next(ORDER_PRICES).await;
    delivery.retry(2, "again").await;
    test.next(ORDER_PRICES).await.reject("enough").await;

    let replayed = test.broker.replay(ORDER_PRICES, None).await.unwrap();

    assert_eq!(replayed, 1);
    let delivery = test.next(ORDER_PRICES).await;
    assert_eq!((delivery.message_id, delivery.attempt), (message.id, 1));
    assert!(test.broker.dead_letters(ORDER_PRICES, 10).await.unwrap().is_empty());
}

async fn one_dead_letter_is_replayed_and_another_discarded(test: TestBroker) {
    let messages = [price(1), price(2), price(3)];
    test.broker.publish(&messages).await;
    for _ in &messages {
        test.next(ORDER_PRICES).await.reject("no").await;
    }

    let replayed = test.broker.replay(ORDER_PRICES, Some(messages[1].id)).await.unwrap();
    let discarded = test.broker.discard(ORDER_PRICES, messages[0].id).await.unwrap();
    let unknown = test.broker.discard(ORDER_PRICES, messages[1].id).await.unwrap();

    assert_eq!((replayed, discarded, unknown), (1, true, false));
    let left = test.broker.dead_letters(ORDER_PRICES, 10).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].message_id, messages[2].id);
}

async fn a_large_message_can_be_buried_and_read(test: TestBroker) {
    let mut message = price(1);
    message.data = serde_json::json!("x".repeat(200_000));
    test.broker.publish(std::slice::from_ref(&message)).await;

    test.next(ORDER_PRICES).await.reject("not a product").await;

    let letters = test.broker.dead_letters(ORDER_PRICES, 1).await.unwrap();
    assert_eq!(letters[0].body, serde_json::to_value(&message).unwrap());
}

async fn everything_waiting_survives_a_restart(test: TestBroker) {
    let messages = [price(1), price(2), price(3)];
    test.broker.publish(&messages).await;
    let (dead, late) = (test.next(ORDER_PRICES).await, test.next(ORDER_PRICES).await);
    let (dead_id, late_id) = (dead.message_id, late.message_id);
    dead.reject("dead").await;
    late.retry(4, "late").await;

    let test = test.reconnected().await;

    assert_eq!(test.broker.dead_letters(ORDER_PRICES, 9).await.unwrap().len(), 1);
    let mut waiting = BTreeSet::new();
    for _ in 0..2 {
        let delivery = test.next(ORDER_PRICES).await;
        waiting.insert((delivery.message_id, delivery.attempt));
        delivery.done().await;
    }
    let expected = ids(&messages).into_iter().filter(|id| *id != dead_id);
    assert_eq!(waiting, expected.map(|id| (id, if id == late_id { 4 } else { 1 })).collect());
}
