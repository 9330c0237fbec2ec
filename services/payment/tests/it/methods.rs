//! A customer's cards.

use reqwest::Method;
use serde_json::{Value, json};
use shop_kernel::CustomerId;

use crate::support::*;

async fn add(shop: &Shop, customer: CustomerId, key: &str, body: &Value) -> (u16, Value) {
    let ask = shop.payment(Method::POST, "/payment-methods");
    let ask = ask.bearer_auth(shop.customer_token(customer)).header("Idempotency-Key", key);
    answer(ask.json(body)).await
}

async fn list(shop: &Shop, customer: CustomerId) -> Value {
    let ask = shop.payment(Method::GET, "/payment-methods");
    answer(ask.bearer_auth(shop.customer_token(customer))).await.1["items"].clone()
}

#[tokio::test]
async fn a_stored_card_shows_its_brand_and_last_four_digits_and_nothing_else() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();

        let (status, method) = add(&shop, ada, "k1", &card(GOOD)).await;

        let id = method["id"].clone();
        let shown = json!({ "id": id, "kind": "card", "brand": "visa", "last4": "4242" });
        assert_eq!((status, &method), (201, &shown));
        assert_eq!(list(&shop, ada).await, json!([shown]));
        assert_eq!(list(&shop, CustomerId::generate()).await, json!([]));
    }
}

#[tokio::test]
async fn one_idempotency_key_stores_one_card_for_one_customer() {
    for shop in Shop::all().await {
        let (ada, haru) = (CustomerId::generate(), CustomerId::generate());
        let good = card(GOOD);
        let all = futures::future::join_all((0..5).map(|_| add(&shop, ada, "k1", &good))).await;

        let (_, again) = add(&shop, ada, "k1", &card(GOOD)).await;
        let (reused, problem) = add(&shop, ada, "k1", &card(POOR)).await;
        let (other_customer, _) = add(&shop, haru, "k1", &card(GOOD)).await;

        assert!(all.iter().all(|(status, body)| *status == 201 && *body == again), "{all:?}");
        assert_eq!((reused, &problem["code"]), (409, &json!("idempotency-key-reused")));
        assert_eq!(other_customer, 201);
        assert_eq!(list(&shop, ada).await.as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();
        add(&shop, ada, "k1", &card(GOOD)).await;

        shop.clock.advance(chrono::TimeDelta::hours(25));
        let (status, method) = add(&shop, ada, "k1", &card(POOR)).await;

        assert_eq!((status, &method["last4"]), (201, &json!("9995")));
    }
}

#[tokio::test]
async fn a_card_that_is_not_valid_is_refused_part_by_part() {
    for shop in Shop::all().await {
        let wrong = json!({
            "number": "4242424242424241", "expiry_month": 0, "expiry_year": 26, "cvc": "12",
            "holder": " ",
        });

        let (status, problem) = add(&shop, CustomerId::generate(), "k1", &wrong).await;

        let pointers: Vec<_> =
            problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
        assert_eq!((status, &problem["code"]), (422, &json!("card-not-valid")));
        assert_eq!(pointers, ["/number", "/expiry_month", "/expiry_year", "/cvc", "/holder"]);
    }
}

#[tokio::test]
async fn a_card_the_provider_does_not_take_is_refused_with_its_reason() {
    for shop in Shop::all().await {
        let not_a_test_card = card("4111 1111 1111 1111");

        let (status, problem) = add(&shop, CustomerId::generate(), "k1", &not_a_test_card).await;

        assert_eq!((status, &problem["code"]), (422, &json!("card-not-valid")));
        assert_eq!(problem["errors"][0]["pointer"], "/number");
    }
}

#[tokio::test]
async fn no_card_is_stored_while_the_provider_is_down() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();
        shop.set_mode("down").await;
        let (down, problem) = add(&shop, ada, "k1", &card(GOOD)).await;

        shop.set_mode("up").await;
        let (up, _) = add(&shop, ada, "k1", &card(GOOD)).await;

        assert_eq!((down, &problem["code"]), (503, &json!("provider-unavailable")));
        assert_eq!((up, list(&shop, ada).await.as_array().unwrap().len()), (201, 1));
    }
}

#[tokio::test]
async fn only_its_owner_removes_a_card() {
    for shop in Shop::all().await {
        let (ada, haru) = (CustomerId::generate(), CustomerId::generate());
        let id = shop.add_card(ada, GOOD).await;
        let path = format!("/payment-methods/{id}");
        let remove = async |customer| {
            let ask = shop.payment(Method::DELETE, &path);
            answer(ask.bearer_auth(shop.customer_token(customer))).await.0
        };

        let statuses = [remove(haru).await, remove(ada).await, remove(ada).await];

        assert_eq!(statuses, [404, 204, 404]);
        assert_eq!(list(&shop, ada).await, json!([]));
    }
}

#[tokio::test]
async fn a_customer_has_at_most_twenty_cards() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();
        for _ in 0..20 {
            shop.add_card(ada, GOOD).await;
        }

        let (status, problem) = add(&shop, ada, "one more", &card(GOOD)).await;

        assert_eq!((status, &problem["code"]), (409, &json!("too-many-payment-methods")));
    }
}
