//! Cancelling: how long it may be done, and what is seen of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{Shop, said};

fn order(fields: &str) -> String {
    format!(r#"{{ order(id: "{}") {{ {fields} }} }}"#, said::ORDER)
}

#[tokio::test]
async fn who_cancels_sees_the_cancelled_order_at_once() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.order.says("POST", "/orders/*", 200, said::order_body());
    shop.payment.says("GET", "/payments/*", 200, said::payment());

    let query = format!(
        r#"mutation {{ cancel(order: "{}") {{ status reason moneyState degraded
            movements {{ kind }} events {{ kind reason }} }} }}"#,
        said::ORDER
    );
    let answer = ada.ask(&query).await;

    let order = &answer["data"]["cancel"];
    assert_eq!((&order["status"], &order["reason"]), (&json!("CANCELLED"), &json!("BY_CUSTOMER")));
    assert_eq!(order["moneyState"], "REFUNDED");
    assert_eq!(order["movements"], json!([{ "kind": "CHARGE" }, { "kind": "REFUND" }]));
    assert_eq!(order["events"].as_array().unwrap().last().unwrap()["kind"], "payment.refunded.v1");
    assert_eq!(order["degraded"], false);
}

#[tokio::test]
async fn an_order_says_until_when_it_may_be_cancelled_and_not_for_longer() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let until = "2026-11-20T12:28:00Z";
    let mut body = said::order_body();
    (body["status"], body["cancellable_until"]) = (json!("confirmed"), json!(until));
    let mut listed = said::order_in_list(1, &[1]);
    listed["cancellable_until"] = json!(until);
    shop.history.says("GET", "/orders", 200, json!({ "items": [listed] }));
    shop.history.says("GET", "/orders/*", 200, said::order_view());
    shop.order.says("GET", "/orders/*", 200, body);
    shop.payment.says("GET", "/payments/*", 200, said::payment());
    shop.identity.says("POST", "/sessions/refresh", 200, said::session("access-2", "refresh-2"));
    let list = "{ orders { items { cancellableUntil } } }";
    let shown = async |query: &str, place: &str| {
        let answer = ada.ask(query).await;
        answer.pointer(place).unwrap_or_else(|| panic!("{answer}")).clone()
    };

    // By the shop's clock: now, and a second after the end.
    for (later, expected) in [(0, json!(until)), (28 * 60 + 1, json!(null))] {
        shop.clock.advance(TimeDelta::seconds(later));
        shop.history.is_away(false);
        let whole = order("cancellableUntil degraded");
        let (of_order, of_list) =
            ("/data/order/cancellableUntil", "/data/orders/items/0/cancellableUntil");
        assert_eq!(instant(&shown(&whole, of_order).await), instant(&expected));
        assert_eq!(instant(&shown(list, of_list).await), instant(&expected));
        // And the same where it is put together without the read model.
        shop.history.is_away(true);
        assert_eq!(shown(&whole, "/data/order/degraded").await, true);
        assert_eq!(instant(&shown(&whole, of_order).await), instant(&expected));
    }
}

fn instant(value: &Value) -> Option<DateTime<Utc>> {
    value.as_str().map(|text| text.parse().unwrap())
}
