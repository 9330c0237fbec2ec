//! The messages this service reads, as their producer's golden files have them.

use std::path::PathBuf;

use serde_json::{Value, json};
use shop_contracts::RawEnvelope;
use shop_contracts::order::{OrderCancelled, OrderPlaced};

use crate::support::*;

fn golden(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../crates/shop-contracts/golden/order")
        .join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// With fields added everywhere, as a later release of the producer may do.
fn extended(mut message: Value) -> Value {
    message["later"] = json!({ "a": 1 });
    message["data"]["later"] = json!(["b"]);
    message
}

#[test]
fn golden_orders_are_read_with_fields_nobody_knows() {
    let placed: RawEnvelope =
        serde_json::from_value(extended(golden("order.placed.v1.json"))).unwrap();
    let cancelled: RawEnvelope =
        serde_json::from_value(extended(golden("order.cancelled.v1.json"))).unwrap();

    assert!(placed.decode::<OrderPlaced>().is_ok());
    assert!(cancelled.decode::<OrderCancelled>().is_ok());
}

#[tokio::test]
async fn a_golden_order_is_taken_in_and_its_payment_follows() {
    for shop in Shop::all().await {
        let golden: RawEnvelope =
            serde_json::from_value(extended(golden("order.placed.v1.json"))).unwrap();
        let placed = golden.decode::<OrderPlaced>().unwrap().data;
        let order = Order {
            id: placed.order,
            customer: placed.customer,
            method: placed.payment_method,
            total: placed.total,
            expires_at: placed.expires_at,
        };

        shop.publish(&golden).await;

        let told = testkit::eventually(BOUND, || async {
            let feed = shop.feed().await;
            feed.into_iter().find(|message| message["correlationid"] == order.id.to_string())
        })
        .await;
        assert_eq!(told["causationid"], golden.id.to_string());
        assert_eq!(told["data"]["amount"], json!(placed.total));
    }
}

#[tokio::test]
async fn a_message_that_lacks_a_field_becomes_a_dead_letter_with_its_reason() {
    for shop in Shop::all().await {
        let mut broken = golden("order.cancelled.v1.json");
        broken["data"].as_object_mut().unwrap().remove("customer");
        let broken: RawEnvelope = serde_json::from_value(broken).unwrap();

        shop.publish(&broken).await;

        let letter = testkit::eventually(BOUND, || async {
            let path = "/ops/dead-letters?queue=payment.orders";
            let (_, letters) = shop.operate(reqwest::Method::GET, path, Value::Null).await;
            letters["items"].get(0).cloned()
        })
        .await;
        assert!(letter["reason"].as_str().unwrap().contains("customer"), "{letter}");
    }
}
