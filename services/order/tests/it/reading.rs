use chrono::TimeDelta;
use serde_json::json;
use shop_kernel::Clock as _;

use crate::fixtures::*;
use crate::neighbours::*;
use crate::support::*;

#[tokio::test]
async fn orders_are_listed_in_pages_and_by_state() {
    for shop in shops().await {
        let ada = shop.ada();
        let mut orders = Vec::new();
        for _ in 0..3 {
            orders.insert(0, ada.buys_mugs().await.to_string());
        }
        ada.cancels(orders[0].parse().unwrap()).await;

        let first = ada.get("/orders?limit=2").await.body;
        let next = first["next"].as_str().unwrap();
        let second = ada.get(&format!("/orders?limit=2&after={next}")).await.body;
        let cancelled = ada.get("/orders?status=cancelled").await.body;
        let staff = shop.operator().get(&format!("/orders?customer={ADA}")).await.body;
        let harus = shop.haru().get(&format!("/orders?customer={ADA}")).await.body;

        let ids = |page: &serde_json::Value| -> Vec<String> {
            let items = page["items"].as_array().unwrap();
            items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!([ids(&first), ids(&second)].concat(), orders);
        assert_eq!(second["next"], json!(null));
        assert_eq!(ids(&cancelled), [orders[0].clone()]);
        assert_eq!(cancelled["items"][0]["reason"], "by-customer");
        assert_eq!(ids(&staff), orders);
        assert_eq!(harus["items"], json!([]));
    }
}

#[tokio::test]
async fn the_events_of_an_order_are_shown_as_stored() {
    for shop in shops().await {
        let order = shop.ada().buys_mugs().await;
        let rejected = rejected(order);
        shop.tells(&rejected).await;
        shop.ends(order, "cancelled").await;

        let events = shop.ada().get(&format!("/orders/{order}/events")).await.body;

        let kinds: Vec<_> =
            events["items"].as_array().unwrap().iter().map(|event| &event["type"]).collect();
        assert_eq!(kinds, ["placed", "stock-rejected", "cancelled"]);
        assert_eq!(events["items"][0]["schema"], 2);
        assert_eq!(events["items"][0]["data"]["lines"][0]["unit_price"]["minor"], 1_250);
        assert_eq!(events["items"][2]["causation_id"], rejected.id.to_string());
    }
}

#[tokio::test]
async fn an_order_is_shown_as_it_was() {
    for shop in shops().await {
        let ada = shop.ada();
        let order = ada.buys_mugs().await;
        let then = shop.clock.now();
        shop.clock.advance(TimeDelta::minutes(5));
        ada.cancels(order).await;

        let path = format!("/orders/{order}/state");
        let by_version = ada.get(&format!("{path}?version=1")).await;
        let then = then.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let by_time = ada.get(&format!("{path}?at={then}")).await;
        let too_early = ada.get(&format!("{path}?version=0")).await;
        let vague = ada.get(&path).await;
        let both = ada.get(&format!("{path}?version=1&at={then}")).await;

        assert_eq!(by_version.body["status"], "provisional");
        assert_eq!(by_time.body, by_version.body);
        assert_eq!(too_early.code(), (404, "order-unknown"));
        assert_eq!(vague.code(), (400, "query-not-valid"));
        assert_eq!(both.code(), (400, "query-not-valid"));
        assert_eq!(ada.order(order).await["status"], "cancelled");
    }
}
