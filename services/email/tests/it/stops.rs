//! The process stops at any point, and every mail is there once.
//!
//! A future that is dropped where it waits has done what a killed process has done by then. Each
//! test drops it after its first wait, after its second and so on, over and over: how often it
//! waits depends on how fast the store answers.

use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use chassis_messaging::{
    Handler as _, Idempotent, Outcome, Progress, Received, Wake, Work as _, due,
};
use email::mailer::Mailer;
use email::scripts::Scripts;
use email::sender::Sender;
use mail_sink::Sink;
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait as _, DatabaseConnection, EntityTrait as _,
    IntoActiveModel as _, Set, Statement,
};
use shop_contracts::RawEnvelope;
use shop_contracts::routing::EMAIL_NOTICES;
use shop_kernel::{Clock as _, OrderId, SystemClock};
use testkit::databases;
use uuid::Uuid;

use crate::facts::ada;
use crate::support::sink_at;

/// Each number of waits up to the one that is enough comes up several times.
const ROUNDS: usize = 60;

/// What `work` comes to, unless it is still at it after so many waits: then it is dropped.
async fn stopped_after<T>(waits: usize, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut left) = (pin!(work), waits);
    std::future::poll_fn(move |context| {
        let outcome = work.as_mut().poll(context).map(Some);
        if outcome.is_pending() && left == 0 {
            return Poll::Ready(None);
        }
        left = left.saturating_sub(1);
        outcome
    })
    .await
}

fn received(envelope: RawEnvelope) -> Received {
    Received::new(EMAIL_NOTICES, 1, SystemClock.now(), envelope)
}

fn scripts(store: &DatabaseConnection) -> Idempotent<Scripts> {
    Scripts::over(store.clone(), Arc::new(SystemClock), Wake::default())
}

async fn count(store: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(store.get_database_backend(), sql);
    let row = store.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn a_script_that_is_stopped_anywhere_and_repeated_makes_one_mail_due() {
    for db in databases().await {
        let store = db.open(email::migrations).await;
        let (mut waits, mut stops) = (0, 0);

        for _ in 0..ROUNDS {
            let message = received(ada().processed());
            let done = stopped_after(waits, scripts(&store).handle(&message)).await;
            let again = scripts(&store).handle(&message).await.unwrap();
            assert_eq!(again, Outcome::Done);
            (waits, stops) = if done.is_some() { (0, stops) } else { (waits + 1, stops + 1) };
        }

        let orders = i64::try_from(ROUNDS).unwrap();
        assert!(stops > ROUNDS / 2, "it was stopped {stops} times");
        assert_eq!(count(&store, "SELECT COUNT(*) FROM mails").await, orders);
        assert_eq!(count(&store, "SELECT COUNT(*) FROM due_work").await, orders);
        assert_eq!(count(&store, "SELECT COUNT(*) FROM inbox").await, orders);
    }
}

#[tokio::test]
async fn a_sender_that_is_stopped_anywhere_and_repeated_sends_one_mail() {
    for db in databases().await {
        let store = db.open(email::migrations).await;
        let sink = sink_at("127.0.0.1:0".parse().unwrap()).await;
        let (mut waits, mut stops, mut twice) = (0, 0, 0);

        for _ in 0..ROUNDS {
            let order = due_mail(&store).await;
            let stopped = leased(&store, order).await;
            let done = stopped_after(waits, sender(&store, &sink).perform(&stopped)).await;
            let was_stored = is_sent(&store, order).await;
            let next = leased(&store, order).await;
            let again = sender(&store, &sink).perform(&next).await.unwrap();
            assert_eq!(again, Progress::Settled);

            let copies = copies(&sink, order);
            assert!(is_sent(&store, order).await, "after {waits} waits");
            assert!(copies == 1 || (copies == 2 && !was_stored), "{copies} after {waits} waits");
            twice += copies - 1;
            (waits, stops) = if done.is_some() { (0, stops) } else { (waits + 1, stops + 1) };
        }

        assert!(stops > ROUNDS / 2, "it was stopped {stops} times");
        // Only where the mail server had it already and the store did not know.
        assert!(twice < stops, "{twice} of {stops} were sent twice");
        assert_eq!(count(&store, "SELECT COUNT(*) FROM due_work WHERE state <> 'done'").await, 0);
    }
}

#[tokio::test]
async fn one_mail_that_cannot_be_read_keeps_no_other_unsent() {
    for db in databases().await {
        let store = db.open(email::migrations).await;
        let sink = sink_at("127.0.0.1:0".parse().unwrap()).await;
        let orders = [due_mail(&store).await, due_mail(&store).await, due_mail(&store).await];
        let us = Uuid::now_v7();
        let mut works = Vec::new();
        for order in orders {
            let mut work = leased(&store, order).await.into_active_model();
            work.leased_by = Set(Some(us));
            works.push(work.update(&store).await.unwrap());
        }
        let odd =
            format!("UPDATE mails SET state = 'odd' WHERE order_id = {}", key(&store, orders[1]));
        store.execute_unprepared(&odd).await.unwrap();

        let all = sender(&store, &sink).perform_all(&works).await;

        assert!(
            matches!(all[..], [Ok(Progress::Settled), Err(_), Ok(Progress::Settled)]),
            "{all:?}"
        );
        assert!(is_sent(&store, orders[0]).await && is_sent(&store, orders[2]).await);
        assert_eq!(orders.map(|order| copies(&sink, order)), [1, 0, 1]);
        assert_eq!(count(&store, "SELECT COUNT(*) FROM due_work WHERE state <> 'done'").await, 1);
    }
}

fn sender(store: &DatabaseConnection, sink: &Sink) -> Sender {
    let url = format!("smtp://{}", sink.addr());
    let mailer =
        Mailer::new(&url, "Saga Shop <hello@saga-shop.example>", Duration::from_secs(10)).unwrap();
    Sender::new(store.clone(), mailer, Arc::new(SystemClock))
}

async fn due_mail(store: &DatabaseConnection) -> OrderId {
    let order = ada();
    for fact in [order.placed(), order.processed()] {
        scripts(store).handle(&received(fact)).await.unwrap();
    }
    order.order
}

/// The work of an order, leased by an instance of its own.
async fn leased(store: &DatabaseConnection, order: OrderId) -> due::Model {
    let all = due::Entity::find().all(store).await.unwrap();
    let work = all.into_iter().find(|work| work.order() == Some(order)).unwrap();
    let mut work = work.into_active_model();
    work.leased_by = Set(Some(Uuid::now_v7()));
    work.update(store).await.unwrap()
}

fn copies(sink: &Sink, order: OrderId) -> usize {
    let id = format!("<receipt.{order}@saga-shop.example>");
    sink.mails().iter().filter(|mail| mail.message_id == id).count()
}

async fn is_sent(store: &DatabaseConnection, order: OrderId) -> bool {
    let key = key(store, order);
    let sql = format!("SELECT COUNT(*) FROM mails WHERE order_id = {key} AND state = 'sent'");
    count(store, &sql).await == 1
}

/// An order's id as SQL.
fn key(store: &DatabaseConnection, order: OrderId) -> String {
    let id = order.uuid();
    match store.get_database_backend() {
        sea_orm::DbBackend::Postgres => format!("'{id}'"),
        _ => format!("x'{}'", id.simple()),
    }
}
