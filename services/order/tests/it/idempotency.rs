use chrono::TimeDelta;
use serde_json::json;
use shop_contracts::order::OrderPlaced;

use crate::fixtures::*;
use crate::support::*;

#[tokio::test]
async fn the_same_key_gets_the_same_answer_to_the_byte() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let checkout = ada.checkout().await;
        let first = ada.places("key-1", &checkout).await;
        shop.clock.advance(TimeDelta::hours(1));

        let again = ada.places("key-1", &checkout).await;

        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.headers["location"], first.headers["location"]);
        testkit::eventually(BOUND, || async { shop.pending_messages().await == 0 }).await;
        assert_eq!(shop.published::<OrderPlaced>().await.len(), 1);
    }
}

#[tokio::test]
async fn requests_with_one_key_at_once_get_one_order() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let checkout = ada.checkout().await;

        let tries = (0..8).map(|_| ada.places("key-1", &checkout));
        let answers = futures::future::join_all(tries).await;

        let texts: Vec<_> = answers.iter().map(|answer| (answer.status, &answer.text)).collect();
        assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
        assert_eq!(texts[0].0, 202);
    }
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let mut checkout = ada.checkout().await;
        ada.places("key-1", &checkout).await.order();

        checkout["locale"] = json!("ko");
        let reused = ada.places("key-1", &checkout).await;

        assert_eq!(reused.code(), (422, "idempotency-key-reused"));
    }
}

#[tokio::test]
async fn a_key_belongs_to_one_customer() {
    for shop in shops().await {
        let (ada, haru) = (shop.ada(), shop.haru());
        ada.puts(BLUE_MUG, 1).await;
        haru.puts(BLUE_MUG, 1).await;

        let adas = ada.places("key-1", &ada.checkout().await).await.order();
        let harus = haru.places("key-1", &haru.checkout().await).await.order();

        assert_ne!(adas, harus);
    }
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let checkout = ada.checkout().await;
        let mut stale = checkout.clone();
        stale["cart_version"] = json!(1);

        let refused = ada.places("key-1", &stale).await;
        let accepted = ada.places("key-1", &checkout).await;

        assert_eq!(refused.status, 409);
        assert_eq!(accepted.status, 202);
    }
}

#[tokio::test]
async fn placing_needs_one_key_of_sane_length() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let checkout = ada.checkout().await;

        let missing = ada.post("/orders", &checkout).await;
        let blank = ada.places(" ", &checkout).await;
        let long = ada.places(&"k".repeat(256), &checkout).await;
        let longest = ada.places(&"k".repeat(255), &checkout).await;

        for refused in [missing, blank, long] {
            assert_eq!(refused.code(), (400, "idempotency-key-missing"));
        }
        assert_eq!(longest.status, 202);
    }
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    for site in sites().await {
        let shop = Shop::open(site, &[("housekeeping.every_s", "1")]).await;
        shop.lists(&[product(BLUE_MUG, "Blue mug", 1_250, 3)]).await;
        let ada = shop.ada();
        let first = ada.buys_mugs().await;
        ada.puts(BLUE_MUG, 1).await;
        let checkout = ada.checkout().await;
        let kept = ada.places("key-1", &checkout).await.order();

        shop.clock.advance(TimeDelta::hours(25));
        testkit::eventually(BOUND, || async {
            ada.places("key-1", &checkout).await.code() == (409, "cart-checked-out")
        })
        .await;

        assert_ne!(first, kept);
    }
}
