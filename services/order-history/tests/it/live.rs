//! Live updates: every step, as it happens.

use std::time::{Duration, Instant};

use chassis::auth::{Role, Subject};
use chrono::TimeDelta;
use serde_json::json;
use shop_contracts::order::CancelReason;
use testkit::eventually;

use crate::story::Story;
use crate::support::{BOUND, Shop, everywhere};

everywhere!(
    every_step_of_an_order_is_pushed_as_it_happens,
    listeners_of_one_order_hear_nothing_of_others,
    a_stream_ends_when_the_service_stops,
    a_stream_ends_with_the_token_it_was_opened_with,
    a_stream_shows_that_it_lives,
    a_customer_who_listens_too_often_is_refused,
);

async fn every_step_of_an_order_is_pushed_as_it_happens(shop: Shop) {
    let placed = Story::of_someone().placed();
    shop.hear(&placed.said[0]).await;
    shop.shows(&placed).await;
    let story = placed.charged().reserved().confirmed();
    let story = story.cancelled(CancelReason::ByCustomer).refunded();

    let mut events = shop.follow(&story, &shop.customer(story.customer)).await;

    assert_eq!(events.next().await.unwrap()["status"], "placed");
    let mut waits = Vec::new();
    for (no, said) in story.said.iter().enumerate().skip(1) {
        shop.hear(said).await;
        let heard = Instant::now();
        let shown = events.next().await.unwrap();
        waits.push(heard.elapsed());
        assert_eq!(shown["revision"], no + 1);
        assert_eq!(shown["timeline"][no]["type"], json!(said.kind));
    }
    // Far below any polling interval one might hide behind; the smallest, since machines are busy.
    assert!(waits.iter().min().unwrap() < &Duration::from_millis(250), "{waits:?}");
    shop.remove().await;
}

async fn listeners_of_one_order_hear_nothing_of_others(shop: Shop) {
    let (mine, other) = (Story::of_someone().placed(), Story::of_someone().placed().charged());
    shop.tell(&mine).await;
    shop.shows(&mine).await;
    let mut events = shop.follow(&mine, &shop.operator()).await;
    events.next().await.unwrap();

    shop.tell(&other).await;
    shop.shows(&other).await;
    let mine = mine.reserved();
    shop.hear(&mine.said[1]).await;

    let next = events.next().await.unwrap();
    assert_eq!((&next["order"], &next["stock"]["state"]), (&json!(mine.order), &json!("held")));
    shop.remove().await;
}

async fn a_stream_ends_when_the_service_stops(mut shop: Shop) {
    let story = Story::of_someone().placed();
    shop.tell(&story).await;
    shop.shows(&story).await;
    let mut events = shop.follow(&story, &shop.operator()).await;
    events.next().await.unwrap();
    let asked = Instant::now();

    shop.stop().await;

    assert_eq!(events.next().await, None);
    // It did not wait for the server's patience with connections to end.
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    shop.remove().await;
}

async fn a_stream_ends_with_the_token_it_was_opened_with(shop: Shop) {
    let story = Story::of_someone().placed();
    shop.tell(&story).await;
    shop.shows(&story).await;
    let owner = Subject::Customer(story.customer);
    let short = shop.token_for(owner, Role::Customer, TimeDelta::seconds(2));

    let mut events = shop.follow(&story, &short).await;

    assert!(events.next().await.is_some());
    assert_eq!(events.next().await, None);
    shop.remove().await;
}

async fn a_stream_shows_that_it_lives(shop: Shop) {
    let shop = shop.with("updates.heartbeat_ms", "50").await;
    let story = Story::of_someone().placed();
    shop.tell(&story).await;
    shop.shows(&story).await;

    let mut events = shop.follow(&story, &shop.operator()).await;

    events.next().await.unwrap();
    for _ in 0..2 {
        assert_eq!(events.next_block().await.as_deref(), Some(": still here"));
    }
    shop.remove().await;
}

async fn a_customer_who_listens_too_often_is_refused(shop: Shop) {
    let shop = shop.with("updates.max_per_customer", "2").await;
    // A client that went away is noticed when it is written to.
    let shop = shop.with("updates.heartbeat_ms", "50").await;
    let story = Story::of_someone().placed();
    shop.tell(&story).await;
    shop.shows(&story).await;
    let token = shop.customer(story.customer);
    let first = shop.follow(&story, &token).await;
    let second = shop.follow(&story, &token).await;

    let third = shop.follow(&story, &token).await;

    assert_eq!((first.status, second.status, third.status), (200, 200, 429));
    assert_eq!(shop.follow(&story, &shop.service()).await.status, 200);
    drop(first);
    eventually(BOUND, || async { shop.follow(&story, &token).await.status == 200 }).await;
    shop.remove().await;
}
