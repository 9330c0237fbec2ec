use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::fixtures::*;
use crate::neighbours::*;
use crate::support::*;

#[tokio::test]
async fn the_audit_sees_every_order_with_its_facts() {
    for shop in shops().await {
        let (ada, operator) = (shop.ada(), shop.operator());
        let (open, confirmed, cancelled) =
            (ada.buys_mugs().await, ada.buys_mugs().await, ada.buys_mugs().await);
        shop.tells(&processed(confirmed, usd(2_500))).await;
        shop.tells(&reserved(confirmed)).await;
        shop.tells(&rejected(cancelled)).await;
        shop.ends(confirmed, "confirmed").await;
        shop.ends(cancelled, "cancelled").await;

        let audit = operator.get("/ops/audit").await.body;
        let first = operator.get("/ops/audit/orders?limit=2").await.body;
        let next = first["next"].as_str().unwrap();
        let rest = operator.get(&format!("/ops/audit/orders?limit=2&after={next}")).await.body;

        let counts = json!({ "orders": 3, "open": 1, "broken_streams": [], "doubled_keys": [] });
        assert_eq!(audit, counts);
        let items: Vec<&Value> = [&first, &rest]
            .into_iter()
            .flat_map(|page| page["items"].as_array().unwrap())
            .collect();
        let states: Vec<_> = items.iter().map(|item| (&item["order"], &item["status"])).collect();
        assert_eq!(
            states,
            [
                (&json!(open), &json!("provisional")),
                (&json!(confirmed), &json!("confirmed")),
                (&json!(cancelled), &json!("cancelled")),
            ]
        );
        assert_eq!(items[1]["payment"]["state"], "processed");
        assert_eq!(items[2]["reason"], "out-of-stock");
        assert_eq!(items[2]["stock"]["short"][0]["requested"], 2);
        assert!(items.iter().all(|item| item["is_listed_right"] == true));
    }
}

#[tokio::test]
async fn snapshots_are_taken_on_demand_and_change_nothing() {
    for shop in shops().await {
        let ada = shop.ada();
        for count in 1..12 {
            ada.puts(BLUE_MUG, count).await;
        }
        let before = ada.cart().await;

        let taken = shop.operator().post("/ops/snapshot", &json!({})).await;
        let again = shop.operator().post("/ops/snapshot", &json!({})).await;

        assert_eq!((&taken.body["taken"], &again.body["taken"]), (&json!(1), &json!(0)));
        assert_eq!(ada.cart().await, before);
    }
}

#[tokio::test]
async fn a_long_cart_is_snapshotted_as_it_grows() {
    for site in sites().await {
        let shop = Shop::open(site, &[("snapshot.every", "5")]).await;
        shop.lists(&[product(BLUE_MUG, "Blue mug", 1_250, 3)]).await;
        let ada = shop.ada();

        for count in 1..=12 {
            ada.puts(BLUE_MUG, count).await;
        }

        assert_eq!(ada.cart().await["lines"][0]["quantity"], 12);
        // Thirteen events, the last snapshot at ten: three have come since.
        let taken = shop.operator().post("/ops/snapshot?min_events=3", &json!({})).await;
        assert_eq!(taken.body["taken"], 1);
    }
}

#[tokio::test]
async fn the_service_tells_what_it_is_and_whether_it_is_well() {
    for shop in shops().await {
        let nobody = shop.nobody();
        shop.clock.advance(TimeDelta::seconds(1));

        let (live, ready) = (nobody.get("/health/live").await, nobody.get("/health/ready").await);
        let document = nobody.get("/openapi.json").await.body;
        let backlog = shop.operator().get("/ops/backlog").await.body;

        assert_eq!((live.status.as_u16(), ready.status.as_u16()), (200, 200), "{}", ready.text);
        assert!(document["paths"]["/orders/{id}/reorder"]["post"].is_object());
        assert!(document["components"]["schemas"]["Order"].is_object());
        assert_eq!(backlog["outbox"]["pending"], 0);
    }
}

#[test]
fn the_api_document_names_nothing_it_does_not_describe() {
    let document = order::SERVICE.openapi().to_json().unwrap();
    let described: Value = serde_json::from_str(&document).unwrap();

    let named = document.split("#/components/schemas/").skip(1);
    let named: Vec<_> = named.filter_map(|rest| rest.split('"').next()).collect();

    assert!(named.len() > 20);
    for name in named {
        assert!(described["components"]["schemas"][name].is_object(), "{name} is not described");
    }
}
