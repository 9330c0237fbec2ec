//! Orders as their owners see them, from the broker to the answer.

use serde_json::{Value, json};
use shop_contracts::order::CancelReason;
use shop_kernel::{CustomerId, OrderId};
use testkit::eventually;

use crate::story::{Story, TRACE};
use crate::support::{BOUND, Shop, everywhere, path};

everywhere!(
    an_order_is_shown_whole_to_its_owner,
    facts_that_arrive_backwards_and_twice_show_the_same_order,
    an_order_is_not_shown_before_its_placing_was_heard,
    the_list_has_the_callers_orders_newest_first,
    the_list_is_paged_by_cursor_and_narrowed_by_status,
    a_list_that_is_asked_for_badly_is_refused_with_a_useful_problem,
    a_message_that_cannot_be_read_is_a_dead_letter_with_its_reason,
    the_inbox_tells_which_messages_were_taken_in,
    facts_heard_while_the_service_is_down_are_shown_when_it_is_back,
);

async fn an_order_is_shown_whole_to_its_owner(shop: Shop) {
    let story = Story::of_someone().all_well();
    shop.tell(&story).await;
    shop.shows(&story).await;

    let shown = shop.get(&path(&story), &shop.customer(story.customer)).await;

    let expected = serde_json::to_value(story.document().view().unwrap()).unwrap();
    assert_eq!((shown.status, &shown.body), (200, &expected));
    assert_eq!(shown.body["status"], "confirmed");
    assert_eq!(shown.body["lines"][0]["name"]["ko"], "파란 머그");
    assert_eq!(shown.body["money"]["movements"][0]["kind"], "charge");
    assert_eq!(shown.body["timeline"][1]["trace_id"], TRACE);
    assert_eq!(shown.body["ship_to"]["name"], "Ada");
    shop.remove().await;
}

async fn facts_that_arrive_backwards_and_twice_show_the_same_order(shop: Shop) {
    let story =
        Story::of_someone().all_well().cancelled(CancelReason::ByCustomer).refunded().released();

    for said in story.said.iter().rev().chain(&story.said) {
        shop.hear(said).await;
    }

    let shown = shop.shows(&story).await;
    let expected = serde_json::to_value(story.document().view().unwrap()).unwrap();
    assert_eq!(shown, expected);
    shop.remove().await;
}

async fn an_order_is_not_shown_before_its_placing_was_heard(shop: Shop) {
    let story = Story::of_someone().placed().charged();
    let owner = shop.customer(story.customer);
    shop.hear(&story.said[1]).await;
    eventually(BOUND, || async {
        let audit = shop.get("/ops/audit", &shop.operator()).await;
        audit.body["items"][0]["facts"] == 1
    })
    .await;

    let (shown, listed) =
        (shop.get(&path(&story), &owner).await, shop.get("/orders", &owner).await);

    assert_eq!(shown.status, 404);
    assert_eq!(listed.body["items"], json!([]));
    shop.hear(&story.said[0]).await;
    assert_eq!(shop.shows(&story).await["money"]["state"], "charged");
    shop.remove().await;
}

async fn the_list_has_the_callers_orders_newest_first(shop: Shop) {
    let ada = CustomerId::generate();
    let stories = [Story::of(ada).placed(), Story::of(ada).all_well()];
    told(&shop, stories.iter().chain(&[Story::of_someone().placed()])).await;

    let listed = shop.get("/orders", &shop.customer(ada)).await;

    assert_eq!(ids(&listed.body), [stories[1].order, stories[0].order]);
    assert_eq!(listed.body["items"][0]["status"], "confirmed");
    assert_eq!(listed.body["items"][0]["stock"], "held");
    assert_eq!(listed.body["items"][0]["total"], json!({ "minor": 3_810, "currency": "USD" }));
    shop.remove().await;
}

async fn the_list_is_paged_by_cursor_and_narrowed_by_status(shop: Shop) {
    let ada = CustomerId::generate();
    let stories: Vec<_> = (0..5)
        .map(|no| if no == 2 { Story::of(ada).placed() } else { Story::of(ada).all_well() })
        .collect();
    told(&shop, &stories).await;

    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/orders?status=confirmed&limit=3{cursor}");
        let page = shop.get(&path, &shop.customer(ada)).await.body;
        seen.extend(ids(&page));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&after={next}");
    }

    let expected: Vec<_> = [4, 3, 1, 0].map(|no| stories[no].order).to_vec();
    assert_eq!(seen, expected);
    shop.remove().await;
}

async fn a_list_that_is_asked_for_badly_is_refused_with_a_useful_problem(shop: Shop) {
    let token = shop.customer(CustomerId::generate());

    for (query, status, code) in [
        ("status=lost", 400, "query-not-valid"),
        ("limit=many", 400, "query-not-valid"),
        ("limit=0", 422, "not-valid"),
        ("limit=101", 422, "not-valid"),
        ("after=yesterday", 422, "not-valid"),
    ] {
        let answer = shop.get(&format!("/orders?{query}"), &token).await;

        assert_eq!((answer.status, &answer.body["code"]), (status, &json!(code)), "{query}");
    }
    shop.remove().await;
}

async fn a_message_that_cannot_be_read_is_a_dead_letter_with_its_reason(shop: Shop) {
    let good = Story::of_someone().placed();
    let mut broken = Story::of_someone().placed().said.remove(0);
    broken.data["lines"] = json!("none");

    shop.hear(&broken).await;
    shop.tell(&good).await;

    shop.shows(&good).await;
    let letter = eventually(BOUND, || async {
        let letters = shop.get("/ops/dead-letters", &shop.operator()).await.body;
        letters["items"].as_array().and_then(|items| items.first().cloned())
    })
    .await;
    assert_eq!(letter["message_id"], json!(broken.id));
    assert!(letter["reason"].as_str().unwrap().contains("order.placed.v1"), "{letter}");
    shop.remove().await;
}

async fn the_inbox_tells_which_messages_were_taken_in(shop: Shop) {
    let story = Story::of_someone().placed().charged();
    shop.tell(&story).await;
    shop.shows(&story).await;
    let route = format!("/inbox?order={}", story.order);

    let inbox = shop.get(&route, &shop.customer(story.customer)).await.body;

    let taken: Vec<_> = inbox["items"].as_array().unwrap().iter().map(|row| &row["kind"]).collect();
    assert_eq!(taken.len(), 2);
    assert_eq!(inbox["items"][0]["consumer"], "order-history.facts");
    assert_eq!(inbox["items"][0]["attempt"], 1);
    let foreign = shop.get(&route, &shop.customer(CustomerId::generate())).await;
    assert_eq!(foreign.body["items"], json!([]));
    shop.remove().await;
}

async fn facts_heard_while_the_service_is_down_are_shown_when_it_is_back(mut shop: Shop) {
    let story = Story::of_someone().all_well();
    shop.hear(&story.said[0]).await;
    shop.kill();
    for said in &story.said[1..] {
        shop.hear(said).await;
    }

    shop.start().await;

    assert_eq!(shop.shows(&story).await["status"], "confirmed");
    let depth = shop.broker.depth(shop_contracts::routing::HISTORY_FACTS).await.unwrap();
    assert_eq!(depth.dead, 0);
    shop.remove().await;
}

async fn told<'s>(shop: &Shop, stories: impl IntoIterator<Item = &'s Story>) {
    for story in stories {
        shop.tell(story).await;
        shop.shows(story).await;
    }
}

fn ids(page: &Value) -> Vec<OrderId> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["order"].as_str().unwrap().parse().unwrap()).collect()
}
