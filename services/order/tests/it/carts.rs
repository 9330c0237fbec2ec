use chassis::auth::{Role, Subject, TokenSigner};
use chrono::TimeDelta;
use serde_json::{Value, json};
use shop_kernel::Clock as _;

use crate::fixtures::*;
use crate::support::*;

fn quantities(cart: &Value) -> Vec<(String, u64)> {
    let lines = cart["lines"].as_array().unwrap();
    let line = |line: &Value| {
        (line["product"].as_str().unwrap().to_owned(), line["quantity"].as_u64().unwrap())
    };
    lines.iter().map(line).collect()
}

#[tokio::test]
async fn things_are_put_in_added_to_and_taken_out() {
    for shop in shops().await {
        let visitor = shop.visitor();

        visitor.puts(BLUE_MUG, 2).await;
        visitor.adds(BLUE_MUG, 98).await;
        visitor.puts(RED_BOWL, 5).await;
        let full = visitor.puts(RED_BOWL, 3).await;
        let less = visitor.removes(BLUE_MUG).await;
        let same = visitor.removes(BLUE_MUG).await;

        let (mug, bowl) = (BLUE_MUG.to_string(), RED_BOWL.to_string());
        assert_eq!(quantities(&full.body), [(mug, 99), (bowl.clone(), 3)]);
        assert_eq!(quantities(&less.body), [(bowl, 3)]);
        assert_eq!(less.body, same.body);
    }
}

#[tokio::test]
async fn a_cart_shows_prices_of_today() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;

        let cart = ada.cart().await;

        let totals = json!([
            { "minor": 32_500, "currency": "KRW" },
            { "minor": 2_500, "currency": "USD" },
        ]);
        assert_eq!(cart["totals"], totals);
        assert_eq!(cart["lines"][0]["price_version"], 3);
        assert_eq!(cart["lines"][0]["on_sale"], true);
        assert_eq!(cart["lines"][0]["name"]["ko"], "Blue mug (ko)");
    }
}

#[tokio::test]
async fn everyone_has_a_cart_of_their_own() {
    for shop in shops().await {
        shop.ada().puts(BLUE_MUG, 2).await;

        let harus = shop.haru().cart().await;
        let visitors = shop.visitor().cart().await;

        assert_eq!((&harus["lines"], &visitors["lines"]), (&json!([]), &json!([])));
    }
}

#[tokio::test]
async fn many_hands_on_one_cart_lose_nothing() {
    for shop in shops().await {
        let ada = shop.ada();

        let adding = (0..12).map(|_| ada.adds(BLUE_MUG, 1));
        let answers = futures::future::join_all(adding).await;

        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        assert_eq!(ada.cart().await["lines"][0]["quantity"], 12);
    }
}

#[tokio::test]
async fn a_guests_cart_goes_into_the_customers_once() {
    for shop in shops().await {
        let (ada, visitor) = (shop.ada(), shop.visitor());
        ada.puts(BLUE_MUG, 60).await;
        visitor.puts(BLUE_MUG, 60).await;
        visitor.puts(RED_BOWL, 1).await;
        let body = json!({ "guest_token": visitor.token });

        let merged = ada.post("/carts/merge", &body).await;
        let again = ada.post("/carts/merge", &body).await;

        let (mug, bowl) = (BLUE_MUG.to_string(), RED_BOWL.to_string());
        assert_eq!(quantities(&merged.body), [(mug, 99), (bowl, 1)]);
        assert_eq!(again.body, merged.body);
        assert_eq!(visitor.cart().await["id"], json!(null));
    }
}

#[tokio::test]
async fn merges_at_once_count_once() {
    for shop in shops().await {
        let (ada, visitor) = (shop.ada(), shop.visitor());
        visitor.puts(BLUE_MUG, 3).await;
        let body = json!({ "guest_token": visitor.token });

        let merges = (0..6).map(|_| ada.post("/carts/merge", &body));
        let answers = futures::future::join_all(merges).await;

        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        assert_eq!(ada.cart().await["lines"][0]["quantity"], 3);
    }
}

#[tokio::test]
async fn a_merge_needs_both_tokens() {
    for shop in shops().await {
        let (ada, visitor) = (shop.ada(), shop.visitor());
        visitor.puts(BLUE_MUG, 3).await;
        let guest = Subject::Guest(VISITOR);
        let forged = TokenSigner::generate().unwrap();
        let forged =
            forged.token(guest.clone(), &[Role::Guest], shop.clock.now(), TimeDelta::hours(1));
        let expired = shop.expired(guest, &[Role::Guest]);

        for token in [forged.unwrap(), expired, shop.haru().token.unwrap(), "gst_1".to_owned()] {
            let refused = ada.post("/carts/merge", &json!({ "guest_token": token })).await;
            assert_eq!(refused.code(), (422, "guest-token-not-valid"), "{token}");
        }
        let body = json!({ "guest_token": visitor.token });
        let as_guest = visitor.post("/carts/merge", &body).await;
        assert_eq!(as_guest.code(), (403, "not-allowed"));
        assert_eq!(visitor.cart().await["lines"][0]["quantity"], 3);
    }
}
