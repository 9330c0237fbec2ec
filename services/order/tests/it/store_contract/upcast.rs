use order_core::domain::history::{Aggregate as _, StreamId};
use order_core::domain::order::Order;
use order_core::domain::stored::StoredEvent;
use order_core::ports::{Append, Entry, EventStore as _};
use shop_kernel::{Locale, OrderId};

use super::support::*;
use crate::fixtures::*;

/// As the first release wrote it.
const PLACED_1: &str = include_str!("../../../core/golden/placed.v1.json");

#[tokio::test]
async fn an_order_placed_by_the_first_release_is_still_read() {
    for bench in benches().await {
        let data: serde_json::Value = serde_json::from_str(PLACED_1).unwrap();
        let order: OrderId = data["order"].as_str().unwrap().parse().unwrap();
        let event = StoredEvent { kind: "placed".to_owned(), schema: 1, data };
        let (stream, entry) = (StreamId::Order(order), Entry::Same);
        let append = Append { stream, expected: 0, events: vec![event], snapshot: None, entry };
        bench.store.append(change(vec![append])).await.unwrap();

        let stored = bench.store.load(stream, Order::SNAPSHOT_SCHEMA).await.unwrap();

        let order = stored.rebuild::<Order>().unwrap().state.unwrap();
        assert_eq!(order.total(), usd(4_300));
        assert_eq!(order.placed().locale, Locale::En);
    }
}
