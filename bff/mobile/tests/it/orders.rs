//! Orders: the caller's own, whole, and from whoever can tell of them.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use shop_kernel::{Clock as _, SystemClock};

use crate::fixtures::{OLDER, ORDER, order, payment, shown, usd};
use crate::support::World;

fn path() -> String {
    format!("/orders/{ORDER}")
}

#[tokio::test]
async fn orders_are_listed_with_what_a_row_shows() {
    let world = World::start().await;

    let path = format!("/orders?status=placed&limit=1&after={OLDER}");
    let list = world.get_as(&world.ada, &path).await;

    assert_eq!(
        list.body,
        json!({
            "items": [{
                "id": ORDER, "status": "confirmed", "total": usd(2900),
                "placed_at": "2026-11-20T10:00:00Z", "count": 2,
                "items": [{ "name": "Blue mug", "picture": "blue-mug" }],
            }],
            "next": ORDER, "degraded": false,
        })
    );
    let asked = &world.history.asked("GET /orders")[0];
    assert_eq!(asked.line, format!("GET /orders?status=placed&after={OLDER}&limit=1"));
    assert_eq!(asked.header("authorization"), format!("Bearer {}", world.ada));
}

#[tokio::test]
async fn an_order_is_shown_whole() {
    let world = World::start().await;

    let seen = world.get_as(&world.ada, &path()).await.body;

    assert_eq!((&seen["status"], &seen["stock"]), (&json!("confirmed"), &json!("held")));
    assert_eq!(seen["lines"][0]["picture"], "blue-mug");
    assert_eq!(seen["ship_to"]["address"]["city"], "London");
    assert_eq!(seen["money"]["movements"][0]["kind"], "charge");
    let kinds: Vec<_> =
        seen["steps"].as_array().unwrap().iter().map(|step| &step["kind"]).collect();
    assert_eq!(kinds, ["placed", "payment-processed", "stock-reserved", "confirmed"]);
    assert_eq!(seen["degraded"], false);
    assert!(world.order.asked("GET /orders").is_empty());
}

#[tokio::test]
async fn an_order_composed_from_its_parts_is_the_same_order() {
    let world = World::start().await;

    let whole = world.get_as(&world.ada, &path()).await.body;
    world.history.goes_away();
    let mut composed = world.get_as(&world.ada, &path()).await.body;

    assert_eq!(composed["degraded"], true);
    composed["degraded"] = json!(false);
    assert_eq!(composed, whole);
}

#[tokio::test]
async fn an_order_the_read_model_has_not_heard_of_is_had_from_order() {
    let world = World::start().await;
    world.history.refuse(&format!("GET {}", path()), 404, "order-unknown", json!({}));
    world.payment.refuse(
        &format!("GET /payments/by-order/{ORDER}"),
        404,
        "payment-unknown",
        json!({}),
    );
    world.order.on(&format!("GET {}", path()), order("provisional"));

    let seen = world.get_as(&world.ada, &path()).await.body;

    assert_eq!(seen["status"], "placed");
    assert_eq!(seen["money"], json!({ "state": "pending", "movements": [] }));
    // Nothing is away: this is all there is to know.
    assert_eq!(seen["degraded"], false);
}

#[tokio::test]
async fn an_order_says_until_when_it_may_be_cancelled_and_not_for_longer() {
    for (minutes, is_told) in [(5, true), (-5, false)] {
        let world = World::start().await;
        let until = json!(SystemClock.now() + TimeDelta::minutes(minutes));
        let (mut view, mut body) = (shown(), order("confirmed"));
        for order in [&mut view, &mut body] {
            order["cancellable_until"] = until.clone();
        }
        world.history.on_of(&world.ada, &format!("GET {}", path()), view);
        world.order.on_of(&world.ada, &format!("GET {}", path()), body);

        let whole = world.get_as(&world.ada, &path()).await.body;
        world.history.goes_away();
        let composed = world.get_as(&world.ada, &path()).await.body;

        let expected = if is_told { until } else { Value::Null };
        assert_eq!((&whole["degraded"], &composed["degraded"]), (&json!(false), &json!(true)));
        assert_eq!(whole["cancellable_until"], expected);
        assert_eq!(composed["cancellable_until"], expected);
    }
}

#[tokio::test]
async fn what_became_of_the_money_of_a_cancelled_order_is_told_without_the_read_model() {
    let world = World::start().await;
    world.history.goes_away();
    let mut cancelled = order("cancelled");
    let last = json!({ "version": 5, "type": "cancelled", "at": "2026-11-20T10:05:00Z" });
    cancelled["timeline"].as_array_mut().unwrap().push(last);
    world.order.on_of(&world.ada, &format!("GET {}", path()), cancelled);
    let charge = payment()["movements"][0].clone();
    let refund = json!({ "kind": "refund", "amount": usd(2900), "at": "2026-11-20T10:06:00Z" });
    let parked = json!({ "reason": "account-closed", "at": "2026-11-20T10:07:00Z" });

    for (state, movements, parked, expected) in [
        ("withdrawn", json!([]), Value::Null, ("failed", "cancelled")),
        ("refund-due", json!([charge]), Value::Null, ("charged", "cancelled")),
        ("refunded", json!([charge, refund]), Value::Null, ("refunded", "payment-refunded")),
        ("refund-parked", json!([charge]), parked, ("refund-parked", "payment-refund-parked")),
    ] {
        let mut payment = payment();
        payment["state"] = json!(state);
        (payment["movements"], payment["parked"]) = (movements, parked);
        let line = format!("GET /payments/by-order/{ORDER}");
        world.payment.on_of(&world.ada, &line, payment);

        let seen = world.get_as(&world.ada, &path()).await.body;

        let last = seen["steps"].as_array().unwrap().last().unwrap();
        let told = (&seen["money"]["state"], &last["kind"]);
        assert_eq!(told, (&json!(expected.0), &json!(expected.1)), "{state}");
    }
}

#[tokio::test]
async fn another_customers_order_is_one_there_is_not() {
    let world = World::start().await;
    let eve = world.another_customer();
    let nowhere = format!("/orders/{OLDER}");

    let foreign = world.get_as(&eve, &path()).await;
    let unknown = world.get_as(&eve, &nowhere).await;
    world.history.goes_away();
    let foreign_composed = world.get_as(&eve, &path()).await;

    for refused in [&foreign, &unknown, &foreign_composed] {
        assert_eq!((refused.status, refused.code()), (404, "order-unknown"));
    }
    assert!(world.payment.asked("GET /payments").is_empty());
}

#[tokio::test]
async fn orders_need_a_customer() {
    let world = World::start().await;
    let guest = world.guest();

    for path in ["/orders".to_owned(), path(), "/checkout".to_owned()] {
        assert_eq!(world.get(&path).await.code(), "token-missing", "{path}");
        assert_eq!(world.get_as(&guest, &path).await.code(), "not-allowed", "{path}");
    }
    assert!(world.history.asked("GET /orders").is_empty());
}

#[tokio::test]
async fn what_is_no_order_and_no_cursor_asks_nobody() {
    let world = World::start().await;

    let no_order = world.get_as(&world.ada, "/orders/first").await;
    let no_cursor = world.get_as(&world.ada, "/orders?after=first").await;

    assert_eq!(no_order.status, 404);
    assert_eq!((no_cursor.status, no_cursor.code()), (400, "cursor-not-valid"));
    assert!(world.history.asked("GET /orders").is_empty());
}

#[tokio::test]
async fn cancelling_shows_the_order_as_it_then_is() {
    let world = World::start().await;
    let mut cancelled = order("cancelled");
    cancelled["reason"] = json!("by-customer");
    world.order.on_of(&world.ada, &format!("POST {}/cancel", path()), cancelled);

    let seen =
        world.send(Method::POST, &format!("{}/cancel", path()), Some(&world.ada), &[], None).await;

    assert_eq!((seen.status, &seen.body["status"]), (200, &json!("cancelled")));
    assert_eq!(
        (&seen.body["reason"], &seen.body["stock"]),
        (&json!("by-customer"), &json!("released"))
    );
}

#[tokio::test]
async fn too_late_to_cancel_says_until_when_it_was_possible() {
    let world = World::start().await;
    let until = json!({ "cancellable_until": "2026-11-20T10:30:03Z" });
    world.order.refuse(&format!("POST {}/cancel", path()), 409, "too-late-to-cancel", until);

    let refused =
        world.send(Method::POST, &format!("{}/cancel", path()), Some(&world.ada), &[], None).await;

    assert_eq!((refused.status, refused.code()), (409, "too-late-to-cancel"));
    assert_eq!(refused.body["cancellable_until"], "2026-11-20T10:30:03Z");
}

#[tokio::test]
async fn a_cancelled_order_is_bought_again_under_a_key() {
    let world = World::start().await;
    world.order.on(
        &format!("POST {}/reorder", path()),
        json!({
            "id": OLDER, "status": "provisional", "total": usd(2900),
            "placed_at": "2026-11-20T11:00:00Z", "expires_at": "2026-11-20T11:15:00Z",
        }),
    );

    let (again, body) =
        (format!("{}/reorder", path()), json!({ "payment_method": "store-credit" }));
    let key = [("idempotency-key", "key-2")];
    let placed = world.send(Method::POST, &again, Some(&world.ada), &key, Some(&body)).await;

    assert_eq!((placed.status, &placed.body["id"]), (202, &json!(OLDER)));
    assert_eq!(world.order.asked("POST")[0].header("idempotency-key"), "key-2");
}
