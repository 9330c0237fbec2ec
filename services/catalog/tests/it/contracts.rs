//! The messages of the order service, as its golden files show them.

use std::path::PathBuf;

use catalog::rows::reservation::State;
use chassis_messaging::Outcome;
use shop_contracts::RawEnvelope;
use shop_contracts::catalog::StockRejected;
use shop_contracts::order::{OrderCancelled, OrderPlaced};

use crate::support::Stage;

/// A golden file with fields in it that nobody here has heard of.
fn golden(name: &str) -> RawEnvelope {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../crates/shop-contracts/golden/order")
        .join(format!("{name}.json"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut message: serde_json::Value = serde_json::from_str(&text).unwrap();
    message["weather"] = "fine".into();
    message["data"]["gift_wrap"] = true.into();
    for line in message["data"]["lines"].as_array_mut().into_iter().flatten() {
        line["engraving"] = "For Ada".into();
    }
    serde_json::from_value(message).unwrap()
}

#[tokio::test]
async fn a_placed_order_is_read_as_the_order_service_writes_it() {
    let stage = Stage::all().await.remove(0);
    let message = golden("order.placed.v1");
    let placed = message.decode::<OrderPlaced>().unwrap().data;

    let outcome = stage.handle(message).await.unwrap();

    // Its products are not in our range, so each of its lines comes back as short.
    assert_eq!(outcome, Outcome::Done);
    let said = stage.said(placed.order).await;
    let rejected = said[0].decode::<StockRejected>().unwrap().data;
    assert_eq!(rejected.customer, placed.customer);
    let mut short: Vec<_> =
        rejected.short.iter().map(|line| (line.product, line.requested)).collect();
    let mut asked: Vec<_> = placed.lines.iter().map(|line| (line.product, line.quantity)).collect();
    short.sort_unstable();
    asked.sort_unstable();
    assert_eq!(short, asked);
}

#[tokio::test]
async fn a_cancelled_order_is_read_as_the_order_service_writes_it() {
    let stage = Stage::all().await.remove(0);
    let message = golden("order.cancelled.v1");
    let cancelled = message.decode::<OrderCancelled>().unwrap().data;

    let outcome = stage.handle(message).await.unwrap();

    assert_eq!(outcome, Outcome::Done);
    assert_eq!(stage.state(cancelled.order).await, Some(State::Tombstone));
}
