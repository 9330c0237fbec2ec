use serde_json::json;
use testkit::eventually;

use crate::facts::ada;
use crate::support::{BOUND, Place, Shop, sink_at};

#[tokio::test]
async fn a_mail_the_server_cannot_take_now_is_tried_until_it_can() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let order = ada();
        shop.sink.set_refusing(Some(451));
        shop.hear(&[order.placed(), order.processed()]).await;
        until_tried(&shop, 3).await;

        shop.sink.set_refusing(None);

        shop.until_states(order.order, &[("receipt", "sent")]).await;
        assert_eq!(shop.arrived(order.order), ["receipt"]);
    }
}

/// Waits until the oldest open mail was tried so often.
async fn until_tried(shop: &Shop, times: i64) {
    eventually(BOUND, || async {
        let (_, work) = shop.get("/ops/due-work", &shop.operator()).await;
        work["items"][0]["attempts"].as_i64().is_some_and(|attempts| attempts >= times)
    })
    .await;
}

#[tokio::test]
async fn mails_wait_for_a_mail_server_that_is_down_and_leave_when_it_is_back() {
    for place in Place::all().await {
        let mut shop = Shop::open(place).await;
        let (before, during) = (ada(), ada());
        shop.hear(&[before.placed(), before.processed()]).await;
        shop.until_states(before.order, &[("receipt", "sent")]).await;

        let address = shop.sink.addr();
        // The other one takes its place, and the connections in use end.
        shop.sink = sink_at("127.0.0.1:0".parse().unwrap()).await;
        shop.hear(&[during.placed(), during.processed()]).await;
        until_tried(&shop, 3).await;
        shop.sink = sink_at(address).await;

        shop.until_states(during.order, &[("receipt", "sent")]).await;
        assert_eq!(shop.arrived(during.order), ["receipt"]);
    }
}

#[tokio::test]
async fn a_recipient_refused_for_good_is_parked_until_an_operator_opens_it_again() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let order = ada();
        shop.sink.set_refusing(Some(550));
        shop.hear(&[order.placed(), order.processed()]).await;
        shop.until_states(order.order, &[("receipt", "parked")]).await;
        let (_, page) = shop.get(&format!("/mails?order={}", order.order), &shop.operator()).await;
        let mail = page["items"][0].clone();
        let (_, backlog) = shop.get("/ops/backlog", &shop.operator()).await;
        let (_, shown) = shop
            .get(&format!("/mails?order={}", order.order), &shop.customer(order.customer))
            .await;

        shop.sink.set_refusing(None);
        let reopen = format!("/ops/due-work/{}/reopen", mail["id"].as_str().unwrap());
        let reopened = shop.post(&reopen, &shop.operator()).await;

        assert!(mail["reason"].as_str().unwrap().contains("550"), "{mail}");
        assert!(shown["items"][0].get("reason").is_none(), "{shown}");
        assert_eq!(backlog["due_work"], json!({ "open": 0, "parked": 1 }));
        assert_eq!(reopened, 204);
        shop.until_states(order.order, &[("receipt", "sent")]).await;
        assert_eq!(shop.arrived(order.order), ["receipt"]);
    }
}

#[tokio::test]
async fn what_a_killed_instance_left_is_sent_by_the_next() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let order = ada();
        shop.sink.set_refusing(Some(451));
        shop.hear(&[order.placed(), order.processed(), order.confirmed()]).await;
        let pending = [("confirmation", "pending"), ("receipt", "pending")];
        shop.until_states(order.order, &pending).await;

        let shop = shop.killed_and_restarted().await;
        shop.sink.set_refusing(None);

        shop.until_states(order.order, &[("confirmation", "sent"), ("receipt", "sent")]).await;
        assert_eq!(shop.arrived(order.order), ["confirmation", "receipt"]);
    }
}
