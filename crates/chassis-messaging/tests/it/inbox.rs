//! The inbox, on both stores.

use chassis_messaging::{Received, inbox};
use shop_contracts::routing::{EMAIL_NOTICES, HISTORY_FACTS, Queue};
use shop_kernel::{Clock as _, CustomerId, OrderId, SystemClock};

use crate::support::{released, stores};

fn received(queue: Queue, order: OrderId, customer: CustomerId) -> Received {
    let envelope = released(order, customer);
    Received::new(queue, 1, SystemClock.now(), envelope)
}

#[tokio::test]
async fn a_message_is_taken_in_once_per_consumer() {
    for (_keep, db) in stores().await {
        let message = received(HISTORY_FACTS, OrderId::generate(), CustomerId::generate());
        let for_another =
            Received::new(EMAIL_NOTICES, 1, message.received_at, message.envelope.clone());
        let now = SystemClock.now();

        let first = inbox::first_time(&db, &message, now).await.unwrap();
        let again = inbox::first_time(&db, &message, now).await.unwrap();
        let other = inbox::first_time(&db, &for_another, now).await.unwrap();

        assert_eq!((first, again, other), (true, false, true));
    }
}

#[tokio::test]
async fn a_message_whose_effect_is_rolled_back_is_not_taken_in() {
    for (_keep, db) in stores().await {
        let message = received(HISTORY_FACTS, OrderId::generate(), CustomerId::generate());
        let tx = chassis_db::begin(&db).await.unwrap();
        inbox::first_time(&tx, &message, SystemClock.now()).await.unwrap();

        tx.rollback().await.unwrap();

        assert!(inbox::first_time(&db, &message, SystemClock.now()).await.unwrap());
    }
}

#[tokio::test]
async fn of_many_that_race_for_a_message_one_takes_it_in() {
    for (_keep, db) in stores().await {
        let message = received(HISTORY_FACTS, OrderId::generate(), CustomerId::generate());

        let race = (0..8).map(|_| async {
            let tx = chassis_db::begin(&db).await.unwrap();
            let first = inbox::first_time(&tx, &message, SystemClock.now()).await.unwrap();
            tx.commit().await.unwrap();
            first
        });
        let winners = futures::future::join_all(race).await.into_iter().filter(|first| *first);

        assert_eq!(winners.count(), 1);
    }
}

#[tokio::test]
async fn a_customer_sees_what_was_taken_in_for_their_order_and_nobody_elses() {
    for (_keep, db) in stores().await {
        let (order, ada, eve) =
            (OrderId::generate(), CustomerId::generate(), CustomerId::generate());
        let message = received(HISTORY_FACTS, order, ada);
        inbox::first_time(&db, &message, SystemClock.now()).await.unwrap();

        let own = inbox::of_order(&db, order, Some(&ada.to_string())).await.unwrap();
        let foreign = inbox::of_order(&db, order, Some(&eve.to_string())).await.unwrap();
        let operators = inbox::of_order(&db, order, None).await.unwrap();

        assert_eq!(own.len(), 1);
        assert_eq!(own[0].message_id, message.envelope.id);
        assert_eq!(own[0].received_at, message.received_at);
        assert!(foreign.is_empty());
        assert_eq!(operators, own);
    }
}
