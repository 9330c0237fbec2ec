use chassis::auth::{Role, Subject, TokenSigner};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use shop_kernel::{Clock as _, OrderId};

use crate::fixtures::*;
use crate::support::*;

/// Every route that needs a token, with a body its method takes.
fn routes(order: OrderId) -> Vec<(Method, String, Option<Value>)> {
    let line = format!("/carts/current/lines/{BLUE_MUG}");
    let quantity = Some(json!({ "quantity": 1 }));
    let mut routes = vec![
        (Method::GET, "/carts/current".to_owned(), None),
        (Method::PUT, line.clone(), quantity.clone()),
        (Method::POST, line.clone(), quantity),
        (Method::DELETE, line, None),
        (Method::POST, "/carts/merge".to_owned(), Some(json!({ "guest_token": "x" }))),
        (Method::POST, "/orders".to_owned(), Some(json!({}))),
        (Method::GET, "/orders".to_owned(), None),
        (Method::GET, "/feed".to_owned(), None),
        (Method::GET, format!("/inbox?order={order}"), None),
        (Method::GET, "/ops/audit".to_owned(), None),
        (Method::GET, "/ops/audit/orders".to_owned(), None),
        (Method::POST, "/ops/snapshot".to_owned(), None),
        (Method::GET, "/ops/backlog".to_owned(), None),
    ];
    routes.extend(order_routes(order));
    routes
}

/// Every route that names an order.
fn order_routes(order: OrderId) -> Vec<(Method, String, Option<Value>)> {
    let body = Some(json!({ "payment_method": "store-credit" }));
    vec![
        (Method::GET, format!("/orders/{order}"), None),
        (Method::GET, format!("/orders/{order}/events"), None),
        (Method::GET, format!("/orders/{order}/state?version=1"), None),
        (Method::POST, format!("/orders/{order}/cancel"), None),
        (Method::POST, format!("/orders/{order}/reorder"), body),
    ]
}

#[tokio::test]
async fn an_order_of_someone_else_is_answered_like_none_on_every_route() {
    for shop in shops().await {
        let (ada, haru) = (shop.ada(), shop.haru());
        let adas = ada.buys_mugs().await;
        ada.cancels(adas).await;

        let foreign = order_routes(adas);
        let unknown = order_routes(OrderId::generate());
        for ((method, path, body), (_, nowhere, _)) in foreign.iter().zip(&unknown) {
            let answers = match body {
                Some(body) => {
                    let foreign = haru.post_keyed(path, "key-1", body).await;
                    (foreign, haru.post_keyed(nowhere, "key-1", body).await)
                }
                None => {
                    let foreign = haru.call(method.clone(), path, None).await;
                    (foreign, haru.call(method.clone(), nowhere, None).await)
                }
            };

            assert_eq!(answers.0.code(), (404, "order-unknown"), "{method} {path}");
            assert_eq!(answers.0.body["detail"], answers.1.body["detail"], "{method} {path}");
        }
        let inbox = haru.get(&format!("/inbox?order={adas}")).await;
        assert_eq!(inbox.body["items"], json!([]));
    }
}

#[tokio::test]
async fn tokens_that_are_missing_forged_or_expired_open_nothing() {
    for shop in shops().await {
        let order = shop.ada().buys_mugs().await;
        let ada = Subject::Customer(ADA);
        let roles = [Role::Customer, Role::Operator, Role::Service];
        let forged = TokenSigner::generate().unwrap();
        let forged = forged.token(ada.clone(), &roles, shop.clock.now(), TimeDelta::hours(1));
        let expired = shop.expired(ada, &roles);
        let callers = [
            (shop.nobody(), "token-missing"),
            (shop.with_token(forged.unwrap()), "token-invalid"),
            (shop.with_token(expired), "token-expired"),
            (shop.with_token("e30.e30.e30"), "token-invalid"),
        ];

        for (method, path, body) in routes(order) {
            for (caller, code) in &callers {
                let refused = caller.call(method.clone(), &path, body.as_ref()).await;
                assert_eq!(refused.code(), (401, *code), "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_for_staff_is_for_staff() {
    for shop in shops().await {
        let order = shop.ada().buys_mugs().await;

        for (method, path, body) in routes(order) {
            if path.starts_with("/ops") || path.starts_with("/feed") {
                let refused = shop.ada().call(method.clone(), &path, body.as_ref()).await;
                assert_eq!(refused.code(), (403, "not-allowed"), "{method} {path}");
            }
        }
        let seen = shop.operator().get(&format!("/orders/{order}")).await;
        assert_eq!(seen.status, 200);
        let by_service = shop.service().get(&format!("/orders/{order}")).await;
        assert_eq!(by_service.body["id"], order.to_string());
        let placed = shop.operator().places("key-1", &json!({})).await;
        assert_eq!(placed.code(), (403, "not-allowed"));
    }
}

#[tokio::test]
async fn bodies_that_make_no_sense_get_a_problem_document() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let good = ada.checkout().await;
        let with = |pointer: &str, value: Value| {
            let mut body = good.clone();
            *body.pointer_mut(pointer).unwrap() = value;
            body
        };
        let mut extra = good.clone();
        extra["total"] = json!({ "minor": 1, "currency": "USD" });

        for (body, status) in [
            (json!({}), 422),
            (json!([]), 422),
            (extra, 422),
            (with("/cart", json!("prd_1")), 422),
            (with("/cart_version", json!(-1)), 422),
            (with("/currency", json!("EUR")), 422),
            (with("/prices", json!([])), 422),
            (with("/prices/0/unit_price/minor", json!(12.5)), 422),
            (with("/contact/name", json!("")), 422),
            (with("/contact/name", json!("x".repeat(101))), 422),
            (with("/contact/name", json!("Ada\r\nBcc: eve@example.org")), 422),
            (with("/contact/email", json!("nobody")), 422),
            (with("/contact/address/country", json!("Korea")), 422),
            (with("/locale", json!("fr")), 422),
            (with("/payment_method", json!("cash")), 422),
        ] {
            let refused = ada.places("key-1", &body).await;
            assert_eq!(refused.code(), (status, "not-valid"), "{body}");
            assert_eq!(refused.headers["content-type"], "application/problem+json");
            assert!(refused.body["detail"].is_string(), "{}", refused.text);
            assert!(refused.body["request_id"].is_string(), "{}", refused.text);
        }
        let pointed = ada.places("key-1", &with("/contact/address/city", json!(" "))).await;
        assert_eq!(pointed.body["errors"][0]["pointer"], "/contact/address/city");
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_read_get_a_problem_document() {
    for shop in shops().await {
        let ada = shop.ada();
        let json = [("content-type", "application/json"), ("idempotency-key", "key-1")];
        let text = [("content-type", "text/plain"), ("idempotency-key", "key-1")];
        let huge = format!("{{\"cart\": \"{}\"}}", "x".repeat(70_000));

        let torn = ada.post_raw("/orders", &json, "{\"cart\": ").await;
        let plain = ada.post_raw("/orders", &text, "{}").await;
        let large = ada.post_raw("/orders", &json, &huge).await;

        assert_eq!(torn.code(), (400, "malformed-json"));
        assert_eq!(plain.code(), (415, "not-json"));
        assert_eq!(large.status, 413);
        assert_eq!(large.headers["content-type"], "application/problem+json");
    }
}

#[tokio::test]
async fn quantities_and_ids_that_make_no_sense_are_refused() {
    for shop in shops().await {
        let ada = shop.ada();
        let line = format!("/carts/current/lines/{BLUE_MUG}");

        for body in [
            json!({ "quantity": 0 }),
            json!({ "quantity": 100 }),
            json!({ "quantity": -1 }),
            json!({ "quantity": 1.5 }),
            json!({ "quantity": 1, "price": 1 }),
        ] {
            let refused = ada.call(Method::PUT, &line, Some(&body)).await;
            assert_eq!(refused.code(), (422, "not-valid"), "{body}");
        }
        let odd_id = ada.get("/orders/ord_1").await;
        assert_eq!(odd_id.code(), (404, "not-found"));
        let odd_limit = ada.get("/orders?limit=101").await;
        assert_eq!(odd_limit.code(), (422, "not-valid"));
        let odd_cursor = ada.get("/orders?after=1").await;
        assert_eq!(odd_cursor.code(), (400, "query-not-valid"));
        let odd_method = ada.call(Method::DELETE, "/orders", None).await;
        assert_eq!(odd_method.status, 405);
    }
}

#[test]
fn the_readme_lists_every_code_of_this_service() {
    let source = include_str!("../../src/inbound/http/code.rs");
    let readme = include_str!("../../README.md");

    let codes: Vec<_> = source.lines().filter_map(|line| line.split('"').nth(1)).collect();
    assert!(codes.len() > 15);
    for code in codes {
        assert!(readme.contains(&format!("`{code}`")), "the README does not list {code}");
    }
}
