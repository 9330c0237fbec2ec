//! A part of the shop is away: the rest of the page stands.

use serde_json::json;

use crate::support::{Shop, code, said};

fn order(fields: &str) -> String {
    format!(r#"{{ order(id: "{}") {{ {fields} }} }}"#, said::ORDER)
}

#[tokio::test]
async fn orders_show_while_the_catalog_is_away() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let orders = [said::order_in_list(1, &[1, 2])];
    shop.history.says("GET", "/orders", 200, json!({ "items": orders }));
    shop.catalog.is_away(true);

    let answer = ada
        .ask("{ orders { items { total { minor } lines { name { en } product { slug } } } } }")
        .await;

    let order = &answer["data"]["orders"]["items"][0];
    assert_eq!(order["total"]["minor"], 2500);
    assert_eq!(order["lines"][1], json!({ "name": { "en": "Mug" }, "product": null }));
    assert_eq!(code(&answer), "unavailable");
    assert_eq!(answer["errors"][0]["extensions"]["service"], "catalog");
    assert_eq!(answer["errors"][0]["path"], json!(["orders", "items", 0, "lines", 0, "product"]));
}

#[tokio::test]
async fn each_root_field_fails_alone() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.catalog.is_away(true);
    shop.history.is_away(true);
    shop.order.is_away(true);
    shop.payment.is_away(true);
    shop.identity.says("GET", "/customers/me", 200, said::customer());
    shop.email.says("GET", "/mails", 200, json!({ "items": [said::mail()] }));

    let answer = ada
        .ask("{ categories { slug } products { next } product(id: \"mug\") { id } cart { id } orders { next }
               mails { items { subject } } me { name cards { id } storeCredit { used { minor } } } }")
        .await;

    assert_eq!(
        answer["data"],
        json!({
            "categories": null, "products": null, "product": null, "cart": null, "orders": null,
            "mails": { "items": [{ "subject": "Your receipt" }] },
            "me": { "name": "Ada", "cards": null, "storeCredit": null },
        })
    );
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 7);
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "unavailable"));
}

#[tokio::test]
async fn what_a_fault_is_made_of_is_nobodys_business() {
    let shop = Shop::open().await;
    shop.catalog.says("GET", "/categories", 200, json!({ "items": "not a list" }));
    shop.catalog.says("GET", "/products", 500, json!({ "secret": "stack trace" }));

    let answer = shop.browser().ask("{ categories { slug } products { next } }").await;

    let text = answer.to_string();
    assert!(!text.contains("stack") && !text.contains("invalid type"), "{text}");
    assert!(!text.contains(&shop.catalog.url()), "{text}");
    assert_eq!(code(&answer), "unavailable");
}

#[tokio::test]
async fn an_order_is_put_together_while_the_read_model_is_away() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.is_away(true);
    shop.order.says("GET", "/orders/*", 200, said::order_body());
    shop.payment.says("GET", "/payments/*", 200, said::payment());

    let answer = ada
        .ask(&order(
            "degraded status reason moneyState stockState shipTo { name } lines { quantity }
             movements { kind method { last4 } } events { kind producer messageId takenIn { service } }",
        ))
        .await;

    let shown = &answer["data"]["order"];
    assert_eq!(answer["errors"], json!(null), "{answer}");
    assert_eq!(shown["degraded"], true);
    assert_eq!(shown["status"], "CANCELLED");
    assert_eq!(
        (&shown["moneyState"], &shown["stockState"]),
        (&json!("REFUNDED"), &json!("RELEASED"))
    );
    assert_eq!(shown["movements"][1], json!({ "kind": "REFUND", "method": { "last4": "4242" } }));
    let kinds: Vec<_> = shown["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "order.placed.v1",
            "payment.processed.v1",
            "stock.reserved.v1",
            "order.cancelled.v1",
            "payment.refunded.v1"
        ]
    );
    assert_eq!(shown["events"][0]["messageId"], json!(null));
}

#[tokio::test]
async fn a_charge_that_failed_is_told_while_the_read_model_is_away() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.is_away(true);
    let mut body = said::order_body();
    body["reason"] = json!("payment-failed");
    body["payment"]["state"] = json!("failed");
    body["stock"] = json!({ "state": "awaited" });
    body["timeline"][1]["type"] = json!("payment-failed");
    body["timeline"][1]["reason"] = json!("declined");
    shop.order.says("GET", "/orders/*", 200, body);
    let mut payment = said::payment();
    payment["state"] = json!("failed");
    payment["movements"] = json!([]);
    shop.payment.says("GET", "/payments/*", 200, payment);

    let fields = "moneyState stockState movements { kind reason amount { minor } }";
    let answer = ada.ask(&order(fields)).await;

    let shown = &answer["data"]["order"];
    let failed =
        json!({ "kind": "CHARGE_FAILED", "reason": "declined", "amount": { "minor": 2500 } });
    assert_eq!(shown["movements"], json!([failed]), "{answer}");
    assert_eq!((&shown["moneyState"], &shown["stockState"]), (&json!("FAILED"), &json!("PENDING")));
}

#[tokio::test]
async fn with_payment_away_too_orders_own_word_on_the_money_stands() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.is_away(true);
    shop.payment.is_away(true);
    shop.order.says("GET", "/orders/*", 200, said::order_body());

    let answer = ada.ask(&order("degraded moneyState movements { kind }")).await;

    let shown = json!({ "degraded": true, "moneyState": "CHARGED", "movements": [] });
    assert_eq!(answer["data"]["order"], shown, "{answer}");
}

#[tokio::test]
async fn an_order_the_read_model_has_not_heard_of_yet_is_shown_without_a_mark() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.refuses("GET", "/orders/*", 404, "order-unknown");
    let mut young = said::order_body();
    young["status"] = json!("provisional");
    young["reason"] = json!(null);
    young["payment"] = json!({ "state": "awaited" });
    shop.order.says("GET", "/orders/*", 200, young);
    shop.payment.refuses("GET", "/payments/*", 404, "payment-unknown");

    let answer = ada.ask(&order("status degraded moneyState")).await;

    let shown = json!({ "status": "PROVISIONAL", "degraded": false, "moneyState": "PENDING" });
    assert_eq!(answer["data"]["order"], shown, "{answer}");
}

#[tokio::test]
async fn the_list_of_orders_goes_on_without_the_read_model() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.is_away(true);
    let summary = json!({
        "id": said::ORDER, "customer": "cus_0193456789ab7000800000000000ada0",
        "status": "provisional", "reason": null, "total": said::usd(2500),
        "placed_at": "2026-11-20T11:58:00Z",
    });
    let page = json!({ "items": [summary], "next": said::ORDER });
    shop.order.says("GET", "/orders", 200, page);

    let query = format!(
        r#"{{ orders(status: PROVISIONAL, after: "{}") {{ degraded next items {{ id status lines {{ quantity }} moneyState }} }} }}"#,
        said::ORDER
    );
    let answer = ada.ask(&query).await;

    let shown = &answer["data"]["orders"];
    assert_eq!(
        (&shown["degraded"], &shown["next"]),
        (&json!(true), &json!(said::ORDER)),
        "{answer}"
    );
    assert_eq!(shown["items"][0]["moneyState"], json!(null));
    // Each side is asked in its own words.
    assert!(shop.history.calls()[0].path.contains("status=placed"));
    assert!(shop.order.calls()[0].path.contains("status=provisional&after=ord_"));
}

#[tokio::test]
async fn services_that_keep_silent_about_their_inbox_are_named() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.says("GET", "/orders/*", 200, said::order_view());
    shop.order.says("GET", "/inbox", 200, said::inbox("order.replies", 1));
    shop.payment.says("GET", "/inbox", 200, json!({ "items": [] }));
    shop.history.says("GET", "/inbox", 200, json!({ "items": [] }));
    shop.catalog.is_away(true);
    shop.email.is_away(true);

    let answer = ada.ask(&order("silentServices events { takenIn { service } }")).await;

    let shown = &answer["data"]["order"];
    assert_eq!(shown["silentServices"], json!(["catalog", "email"]), "{answer}");
    assert_eq!(shown["events"][1]["takenIn"], json!([{ "service": "order" }]));
}
