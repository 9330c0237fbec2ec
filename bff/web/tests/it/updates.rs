//! `orderUpdated`: the saga, pushed.

use std::time::Duration;

use reqwest::Response;
use serde_json::{Value, json};
use testkit::eventually;

use crate::support::{BOUND, Shop, code, said};

fn subscription() -> String {
    format!(r#"subscription {{ orderUpdated(id: "{}") {{ status degraded }} }}"#, said::ORDER)
}

fn with_products() -> String {
    let fields = "status lines { product { slug } }";
    format!(r#"subscription {{ orderUpdated(id: "{}") {{ {fields} }} }}"#, said::ORDER)
}

/// The `next` events of a stream until it ends or there are so many, and whether it completed.
async fn heard(mut response: Response, most: usize) -> (Vec<Value>, bool) {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut text = String::new();
    while text.matches("event: next").count() < most {
        match tokio::time::timeout(BOUND, response.chunk()).await.unwrap().unwrap() {
            Some(bytes) => text.push_str(std::str::from_utf8(&bytes).unwrap()),
            None => break,
        }
    }
    let frames = text.split("\n\n").filter_map(|frame| {
        frame.strip_prefix("event: next\ndata: ").map(|data| serde_json::from_str(data).unwrap())
    });
    (frames.collect(), text.contains("event: complete"))
}

fn event(view: &Value) -> String {
    format!("event: order\nid: 1\ndata: {view}\n\n")
}

#[tokio::test]
async fn every_step_order_history_tells_is_passed_on() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let mut placed = said::order_view();
    placed["status"] = json!("placed");
    let confirmed = said::order_view();
    let events = format!("retry: 1000\n\n{}: still here\n\n{}", event(&placed), event(&confirmed));
    shop.history.streams("/orders/*", &events);

    let (heard, completed) = heard(ada.listen(&subscription()).await, 9).await;

    let statuses: Vec<_> =
        heard.iter().map(|one| one["data"]["orderUpdated"]["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["PROVISIONAL", "CONFIRMED"]);
    // A stream that merely ended is to be opened again, with a fresh session.
    assert!(!completed);
    assert_eq!(shop.history.calls()[0].bearer.as_deref(), Some("access-1"));
}

#[tokio::test]
async fn a_new_order_is_followed_before_the_read_model_has_heard_of_it() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.refuses("GET", "/orders/*", 404, "order-unknown");
    shop.order.says("GET", "/orders/*", 200, said::order_body());
    shop.payment.says("GET", "/payments/*", 200, said::payment());

    let response = ada.listen(&subscription()).await;
    let (first, _) = tokio::join!(heard(response, 2), async {
        // It was looked at twice by then, and told once.
        eventually(BOUND, || async { shop.order.calls().len() >= 2 }).await;
        shop.history.streams("/orders/*", &event(&said::order_view()));
    });

    let statuses: Vec<_> =
        first.0.iter().map(|one| one["data"]["orderUpdated"]["status"].as_str().unwrap()).collect();
    // What did not change meanwhile was told once.
    assert_eq!(statuses, ["CANCELLED", "CONFIRMED"]);
    assert_eq!(first.0[0]["data"]["orderUpdated"]["degraded"], false);
}

#[tokio::test]
async fn while_the_read_model_is_away_changes_still_arrive() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.is_away(true);
    let mut young = said::order_body();
    young["status"] = json!("provisional");
    shop.order.says("GET", "/orders/*", 200, young);

    let response = ada.listen(&subscription()).await;
    let ((heard, _), ()) = tokio::join!(heard(response, 2), async {
        // Payment is asked after order has answered.
        eventually(BOUND, || async { !shop.payment.calls().is_empty() }).await;
        shop.order.says("GET", "/orders/*", 200, said::order_body());
    });

    let told = |n: usize| heard[n]["data"]["orderUpdated"].clone();
    assert_eq!(told(0), json!({ "status": "PROVISIONAL", "degraded": true }));
    assert_eq!(told(1), json!({ "status": "CANCELLED", "degraded": true }));
}

#[tokio::test]
async fn who_may_not_listen_is_told_once_and_for_all() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.refuses("GET", "/orders/*", 404, "order-unknown");
    shop.order.refuses("GET", "/orders/*", 404, "order-unknown");

    for (browser, expected) in [(&ada, "order-unknown"), (&shop.browser(), "not-signed-in")] {
        let (heard, completed) = heard(browser.listen(&subscription()).await, 9).await;
        assert_eq!(code(heard.last().unwrap()), expected);
        assert!(completed);
    }
}

#[tokio::test]
async fn a_part_that_is_missing_does_not_end_the_updates() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let mut placed = said::order_view();
    placed["status"] = json!("placed");
    shop.history.streams("/orders/*", &(event(&placed) + &event(&said::order_view())));
    shop.catalog.is_away(true);

    let (heard, completed) = heard(ada.listen(&with_products()).await, 9).await;

    let told: Vec<_> = heard.iter().map(|one| &one["data"]["orderUpdated"]).collect();
    let statuses: Vec<_> = told.iter().map(|order| order["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["PROVISIONAL", "CONFIRMED"]);
    assert!(told.iter().all(|order| order["lines"] == json!([{ "product": null }])), "{told:?}");
    assert!(heard.iter().all(|one| code(one) == "unavailable"));
    assert!(!completed);
}

#[tokio::test]
async fn what_is_shown_with_an_update_is_asked_for_each_time() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.is_away(true);
    let mut young = said::order_body();
    young["status"] = json!("provisional");
    shop.order.says("GET", "/orders/*", 200, young);
    shop.catalog.is_away(true);

    let response = ada.listen(&with_products()).await;
    let ((heard, _), ()) = tokio::join!(heard(response, 2), async {
        // Nobody looks again before the first update is told.
        eventually(BOUND, || async { shop.order.calls().len() >= 2 }).await;
        shop.catalog.says("GET", "/products/batch", 200, said::products([1]));
        shop.catalog.is_away(false);
        shop.order.says("GET", "/orders/*", 200, said::order_body());
    });

    let slug = |n: usize| heard[n]["data"]["orderUpdated"]["lines"][0]["product"]["slug"].clone();
    assert_eq!((slug(0), slug(1)), (json!(null), json!("mug-1")), "{heard:?}");
}

#[tokio::test]
async fn a_refusal_that_passes_leaves_the_browser_to_come_back() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.identity.is_away(true);
    shop.clock.advance(chrono::TimeDelta::seconds(700));

    let (heard, completed) = heard(ada.listen(&subscription()).await, 9).await;

    assert_eq!((heard.len(), code(&heard[0])), (1, "unavailable"));
    assert!(!completed);
}

#[tokio::test]
async fn a_session_is_refreshed_when_the_stream_is_opened_again() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.streams("/orders/*", &event(&said::order_view()));
    shop.identity.says("POST", "/sessions/refresh", 200, said::session("access-2", "refresh-2"));
    shop.clock.advance(chrono::TimeDelta::seconds(700));
    let before = ada.cookie();

    heard(ada.listen(&subscription()).await, 1).await;

    assert_eq!(shop.history.calls()[0].bearer.as_deref(), Some("access-2"));
    assert_ne!(ada.cookie(), before);
}

#[tokio::test]
async fn listeners_are_bounded() {
    let shop = Shop::open_with(&[("streams.max_clients", "1")]).await;
    let ada = shop.ada().await;
    shop.history.is_away(true);
    shop.order.says("GET", "/orders/*", 200, said::order_body());
    let first = ada.listen(&subscription()).await;

    let (second, completed) = heard(ada.listen(&subscription()).await, 9).await;

    assert_eq!((second.len(), code(&second[0])), (1, "too-many-listeners"));
    // Somebody leaves sooner or later: the browser is to come back.
    assert!(!completed);
    drop(first);
}

#[tokio::test]
async fn a_stop_ends_the_streams() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.is_away(true);
    shop.order.says("GET", "/orders/*", 200, said::order_body());
    let response = ada.listen(&subscription()).await;

    let began = std::time::Instant::now();
    let (_, ()) = tokio::join!(heard(response, 9), shop.stop());

    assert!(began.elapsed() < Duration::from_secs(4), "took {:?}", began.elapsed());
}

#[tokio::test]
async fn a_stream_that_went_silent_is_given_up() {
    let shop = Shop::open_with(&[("streams.silence_ms", "200")]).await;
    let ada = shop.ada().await;
    shop.history.streams_and_stays("/orders/*", &event(&said::order_view()));

    let (heard, completed) = heard(ada.listen(&subscription()).await, 9).await;

    // It ended by itself: the browser comes again, and finds another replica or the way around.
    assert_eq!((heard.len(), completed), (1, false));
}

#[tokio::test]
async fn a_read_model_that_takes_calls_and_says_nothing_opens_its_breaker() {
    let settings =
        [("calls.timeout_ms", "200"), ("calls.retries", "0"), ("calls.breaker_minimum_calls", "1")];
    let shop = Shop::open_with(&settings).await;
    let ada = shop.ada().await;
    shop.history.says_slowly("GET", "/orders/*", 200, json!({}), BOUND);
    shop.order.says("GET", "/orders/*", 200, said::order_body());

    let (heard, _) = heard(ada.listen(&subscription()).await, 1).await;

    assert_eq!(heard[0]["data"]["orderUpdated"]["degraded"], true, "{heard:?}");
    let ready = reqwest::get(format!("{}/health/ready", shop.url())).await.unwrap();
    assert!(ready.text().await.unwrap().contains("open"), "its breaker has heard of it");
}
