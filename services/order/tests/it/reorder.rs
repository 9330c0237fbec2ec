use serde_json::json;
use shop_contracts::order::OrderPlaced;

use crate::fixtures::*;
use crate::neighbours::*;
use crate::support::*;

#[tokio::test]
async fn a_cancelled_order_is_bought_again_at_todays_prices() {
    for shop in shops().await {
        let ada = shop.ada();
        let old = ada.buys_mugs().await;
        shop.tells(&failed(old)).await;
        shop.ends(old, "cancelled").await;
        shop.lists(&[product(BLUE_MUG, "Blue mug", 1_000, 4)]).await;

        let path = format!("/orders/{old}/reorder");
        let body = json!({ "payment_method": "store-credit" });
        let placed = ada.post_keyed(&path, "key-1", &body).await;
        let again = ada.post_keyed(&path, "key-1", &body).await;

        let order = placed.order();
        assert_eq!(placed.headers["location"], format!("/orders/{order}"));
        assert_eq!(again.text, placed.text);
        let found = ada.order(order).await;
        assert_eq!(found["replaces"], old.to_string());
        assert_eq!(found["total"]["minor"], 2_000);
        assert_eq!(found["contact"]["name"], "Ada Lovelace");
        let told = testkit::eventually(BOUND, || async {
            shop.published::<OrderPlaced>().await.into_iter().find(|told| told.data.order == order)
        });
        assert_eq!(told.await.data.replaces, Some(old));
        assert_eq!(ada.order(old).await["status"], "cancelled");
    }
}

#[tokio::test]
async fn only_a_cancelled_order_of_ones_own_is_bought_again() {
    for shop in shops().await {
        let ada = shop.ada();
        let order = ada.buys_mugs().await;
        let path = format!("/orders/{order}/reorder");
        let body = json!({ "payment_method": "store-credit" });

        let early = ada.post_keyed(&path, "key-1", &body).await;
        let foreign = shop.haru().post_keyed(&path, "key-1", &body).await;
        ada.cancels(order).await;
        let keyless = ada.post(&path, &body).await;
        let accepted = ada.post_keyed(&path, "key-1", &body).await;

        assert_eq!(early.code(), (409, "order-not-cancelled"));
        assert_eq!(foreign.code(), (404, "order-unknown"));
        assert_eq!(keyless.code(), (400, "idempotency-key-missing"));
        assert_eq!(accepted.status, 202);
    }
}

#[tokio::test]
async fn prices_that_were_seen_are_held_against_todays() {
    for shop in shops().await {
        let ada = shop.ada();
        let order = ada.buys_mugs().await;
        ada.cancels(order).await;
        let prices = json!([{ "product": BLUE_MUG, "unit_price": usd(1_200) }]);

        let body = json!({ "payment_method": "store-credit", "prices": prices });
        let refused = ada.post_keyed(&format!("/orders/{order}/reorder"), "key-1", &body).await;

        assert_eq!(refused.code(), (409, "price-changed"));
        assert_eq!(refused.body["changes"][0]["now"]["minor"], 1_250);
    }
}
