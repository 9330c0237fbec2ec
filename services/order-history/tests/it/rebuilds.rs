//! Rebuilds from the feeds, while the documents there go on serving.

use std::collections::BTreeMap;

use futures::future::join;
use order_history::store::Generation;
use serde_json::{Value, json};
use shop_contracts::order::CancelReason;
use testkit::eventually;

use crate::story::Story;
use crate::support::{BOUND, Shop, everywhere, path};

everywhere!(
    a_rebuild_under_traffic_ends_in_the_documents_a_fold_of_the_feeds_makes,
    a_rebuild_brings_back_what_was_lost,
    the_old_documents_serve_while_a_rebuild_runs,
    there_is_one_rebuild_at_a_time,
    a_rebuild_whose_process_is_killed_leaves_the_old_documents_serving,
    a_rebuild_that_is_stopped_in_order_makes_room_at_once,
    a_rebuild_that_finds_no_feed_gives_up_and_says_why,
    a_listener_notices_nothing_of_a_rebuild,
);

async fn a_rebuild_under_traffic_ends_in_the_documents_a_fold_of_the_feeds_makes(shop: Shop) {
    let before: Vec<_> = (0..12).map(|_| Story::of_someone().all_well()).collect();
    for story in &before {
        shop.tell(story).await;
    }
    let during: Vec<_> = (0..12)
        .map(|_| Story::of_someone().all_well().cancelled(CancelReason::ByCustomer).refunded())
        .collect();

    let traffic = async {
        for story in &during {
            shop.tell(story).await;
        }
    };
    let ((), standing) = join(traffic, rebuilt(&shop)).await;

    assert_eq!(standing["current"], 2);
    for story in before.iter().chain(&during) {
        shop.shows(story).await;
    }
    let expected: BTreeMap<_, _> = before
        .iter()
        .chain(&during)
        .map(|story| (story.order.to_string(), story.document().view().unwrap().digest().unwrap()))
        .collect();
    assert_eq!(digests(&shop).await, expected);
    shop.remove().await;
}

async fn a_rebuild_brings_back_what_was_lost(shop: Shop) {
    let story = Story::of_someone().all_well();
    for said in &story.said {
        shop.peers.publish(said);
    }

    let standing = rebuilt(&shop).await;

    assert_eq!(shop.get(&path(&story), &shop.operator()).await.body["status"], "confirmed");
    let feeds = standing["rebuild"]["feeds"].as_array().unwrap().iter();
    let read: Vec<_> =
        feeds.map(|feed| (feed["producer"].clone(), feed["facts"].clone())).collect();
    assert_eq!(
        read,
        [(json!("order"), json!(2)), (json!("payment"), json!(1)), (json!("catalog"), json!(1))]
    );
    let inbox = shop.get(&format!("/inbox?order={}", story.order), &shop.operator()).await;
    assert_eq!(inbox.body["items"][0]["consumer"], "order-history.rebuild");
    eventually(BOUND, || async {
        shop.store().await.stored_generations().await.unwrap() == [Generation::new(2)]
    })
    .await;
    shop.remove().await;
}

async fn the_old_documents_serve_while_a_rebuild_runs(shop: Shop) {
    let (known, new) = (Story::of_someone().all_well(), Story::of_someone().placed());
    shop.tell(&known).await;
    shop.shows(&known).await;
    shop.peers.go_away(true);

    let begun = shop.post("/ops/rebuild", &shop.operator()).await;

    assert_eq!((begun.status, &begun.body["filling"]), (202, &json!(2)));
    assert_eq!(shop.get(&path(&known), &shop.operator()).await.status, 200);
    shop.tell(&new).await;
    shop.shows(&new).await;
    let standing = shop.get("/ops/rebuild", &shop.operator()).await.body;
    assert_eq!(
        (&standing["current"], &standing["rebuild"]["phase"]),
        (&json!(1), &json!("reading"))
    );
    shop.peers.go_away(false);
    assert_eq!(ended(&shop).await["current"], 2);
    assert_eq!(digests(&shop).await.len(), 2);
    shop.remove().await;
}

async fn there_is_one_rebuild_at_a_time(shop: Shop) {
    shop.peers.go_away(true);
    let first = shop.post("/ops/rebuild", &shop.operator()).await;

    let second = shop.post("/ops/rebuild", &shop.operator()).await;

    assert_eq!((first.status, second.status), (202, 409));
    assert_eq!(second.body["code"], "rebuild-runs");
    shop.peers.go_away(false);
    ended(&shop).await;
    shop.remove().await;
}

async fn a_rebuild_whose_process_is_killed_leaves_the_old_documents_serving(shop: Shop) {
    let mut shop = shop.with("rebuild.lease_ms", "1000").await;
    let story = Story::of_someone().all_well();
    shop.tell(&story).await;
    shop.shows(&story).await;
    shop.peers.go_away(true);
    shop.post("/ops/rebuild", &shop.operator()).await;

    shop.kill();
    shop.start().await;

    shop.shows(&story).await;
    shop.peers.go_away(false);
    let again = eventually(BOUND, || async {
        let answer = shop.post("/ops/rebuild", &shop.operator()).await;
        (answer.status == 202).then_some(answer.body)
    })
    .await;
    assert_eq!(again["filling"], 3);
    assert_eq!(ended(&shop).await["current"], 3);
    shop.shows(&story).await;
    shop.remove().await;
}

async fn a_rebuild_that_is_stopped_in_order_makes_room_at_once(mut shop: Shop) {
    shop.peers.go_away(true);
    shop.post("/ops/rebuild", &shop.operator()).await;

    shop.stop().await;
    shop.start().await;

    let standing = ready_standing(&shop).await;
    assert_eq!(standing["rebuild"]["phase"], "failed");
    shop.peers.go_away(false);
    assert_eq!(rebuilt(&shop).await["current"], 3);
    shop.remove().await;
}

async fn a_rebuild_that_finds_no_feed_gives_up_and_says_why(shop: Shop) {
    let shop = shop.with("rebuild.patience_ms", "200").await;
    let story = Story::of_someone().placed();
    shop.tell(&story).await;
    shop.shows(&story).await;
    shop.peers.go_away(true);

    let standing = rebuilt(&shop).await;

    assert_eq!((&standing["current"], &standing["filling"]), (&json!(1), &Value::Null));
    assert_eq!(standing["rebuild"]["phase"], "failed");
    assert!(standing["rebuild"]["failure"].as_str().unwrap().contains("order"), "{standing}");
    shop.shows(&story).await;
    shop.remove().await;
}

async fn a_listener_notices_nothing_of_a_rebuild(shop: Shop) {
    let story = Story::of_someone().placed();
    shop.tell(&story).await;
    shop.shows(&story).await;
    let mut events = shop.follow(&story, &shop.operator()).await;
    events.next().await.unwrap();

    rebuilt(&shop).await;
    let story = story.charged();
    shop.hear(&story.said[1]).await;

    assert_eq!(events.next().await.unwrap()["money"]["state"], "charged");
    shop.remove().await;
}

/// Rebuilds, and tells how it ended.
async fn rebuilt(shop: &Shop) -> Value {
    ready_standing(shop).await;
    assert_eq!(shop.post("/ops/rebuild", &shop.operator()).await.status, 202);
    ended(shop).await
}

async fn ended(shop: &Shop) -> Value {
    eventually(BOUND, || async {
        let standing = shop.get("/ops/rebuild", &shop.operator()).await.body;
        (!standing["rebuild"]["finished_at"].is_null()).then_some(standing)
    })
    .await
}

/// How the rebuilds stand, as soon as the service knows the keys.
async fn ready_standing(shop: &Shop) -> Value {
    eventually(BOUND, || async {
        let answer = shop.get("/ops/rebuild", &shop.operator()).await;
        (answer.status == 200).then_some(answer.body)
    })
    .await
}

async fn digests(shop: &Shop) -> BTreeMap<String, String> {
    let audit = shop.get("/ops/audit?limit=1000", &shop.operator()).await.body;
    let items = audit["items"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items.map(|item| (text(&item["order"]), text(&item["view"]["digest"]))).collect()
}
