//! What this service relies on in the messages of others, held against their golden files.

use serde_json::{Value, json};
use shop_contracts::RawEnvelope;
use shop_kernel::{OrderId, ProductId};

use crate::fixtures::*;
use crate::support::*;

macro_rules! golden {
    ($file:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../crates/shop-contracts/golden/",
            $file,
            ".json"
        ))
    };
}

/// The message as promised, with a field nobody knows yet.
fn grown(golden: &str) -> Value {
    let mut message: Value = serde_json::from_str(golden).unwrap();
    message["surprise"] = json!(1);
    message["data"]["surprise"] = json!({ "of": ["a", "later", "release"] });
    message
}

/// The same about this order and its total.
fn about(golden: &str, order: OrderId) -> RawEnvelope {
    let mut message = grown(golden);
    message["id"] = json!(uuid::Uuid::now_v7());
    message["correlationid"] = json!(order);
    message["data"]["order"] = json!(order);
    if message["data"].get("amount").is_some() {
        message["data"]["amount"] = json!(usd(2_500));
    }
    serde_json::from_value(message).unwrap()
}

#[tokio::test]
async fn the_answers_of_payment_and_catalog_are_understood_as_promised() {
    for shop in shops().await {
        let ada = shop.ada();
        let (bought, declined, short) =
            (ada.buys_mugs().await, ada.buys_mugs().await, ada.buys_mugs().await);

        shop.tells(&about(golden!("payment/payment.processed.v1"), bought)).await;
        shop.tells(&about(golden!("catalog/stock.reserved.v1"), bought)).await;
        shop.tells(&about(golden!("payment/payment.failed.v1"), declined)).await;
        shop.tells(&about(golden!("catalog/stock.rejected.v1"), short)).await;

        shop.ends(bought, "confirmed").await;
        assert_eq!(shop.ends(declined, "cancelled").await["reason"], "payment-failed");
        assert_eq!(shop.ends(short, "cancelled").await["reason"], "out-of-stock");
    }
}

#[tokio::test]
async fn a_product_is_understood_as_promised() {
    for shop in shops().await {
        let message = grown(golden!("catalog/catalog.product.changed.v1"));
        let product: ProductId =
            serde_json::from_value(message["data"]["product"].clone()).unwrap();

        shop.tells(&serde_json::from_value(message.clone()).unwrap()).await;

        let ada = shop.ada();
        testkit::eventually(BOUND, || async { ada.puts(product, 1).await.status == 200 }).await;
        let line = ada.cart().await["lines"][0].clone();
        assert_eq!(line["unit_prices"], message["data"]["prices"]);
        assert_eq!(line["name"], message["data"]["name"]);
    }
}
