//! Who may see and do what, and how the rest is refused.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use shop_kernel::CustomerId;

use crate::support::*;

#[tokio::test]
async fn a_foreign_order_has_no_payment_and_no_inbox_for_a_customer() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        shop.place(&order).await;
        shop.until(&order, "charged").await;
        let strangers = Order { customer: CustomerId::generate(), ..order.clone() };
        let inbox = format!("/inbox?order={}", order.id);
        let read_inbox = async |customer| {
            let ask = shop.payment(Method::GET, &inbox);
            let (_, body) = answer(ask.bearer_auth(shop.customer_token(customer))).await;
            body["items"].as_array().unwrap().len()
        };

        let (status, problem) = shop.look_at(&strangers).await;

        assert_eq!((status, &problem["code"]), (404, &json!("payment-unknown")));
        assert_eq!(
            (read_inbox(order.customer).await, read_inbox(strangers.customer).await),
            (1, 0)
        );
    }
}

#[tokio::test]
async fn an_operator_sees_every_payment() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        shop.place(&order).await;
        shop.until(&order, "charged").await;

        let path = format!("/payments/by-order/{}", order.id);
        let (status, payment) = shop.operate(Method::GET, &path, Value::Null).await;

        assert_eq!((status, &payment["state"]), (200, &json!("charged")));
    }
}

#[tokio::test]
async fn an_id_that_is_none_names_nothing() {
    for shop in Shop::all().await {
        let customer = shop.customer_token(CustomerId::generate());
        for path in ["/payments/by-order/nonsense", "/payments/by-order/cus_1", "/nowhere"] {
            let ask = shop.payment(Method::GET, path).bearer_auth(&customer);

            assert_eq!(answer(ask).await.0, 404, "{path}");
        }
    }
}

#[tokio::test]
async fn strangers_expired_tokens_and_forgers_are_turned_away_everywhere() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();
        let (customer, operator) = (shop.customer_token(ada), shop.operator_token());
        shop.clock.advance(TimeDelta::hours(1));
        let forged = format!("{}x", shop.customer_token(ada));
        for (method, path) in [
            (Method::POST, "/payment-methods".to_owned()),
            (Method::GET, "/payment-methods".to_owned()),
            (Method::GET, "/credit".to_owned()),
            (Method::GET, format!("/payments/by-order/{}", shop_kernel::OrderId::generate())),
            (Method::PUT, format!("/ops/credit/{ada}")),
            (Method::GET, "/ops/refunds/parked".to_owned()),
            (Method::POST, format!("/ops/refunds/{}/retry", shop_kernel::RefundId::generate())),
            (Method::GET, "/ops/audit".to_owned()),
            (Method::GET, "/ops/backlog".to_owned()),
            (Method::GET, "/feed".to_owned()),
        ] {
            for token in [None, Some(&customer), Some(&operator), Some(&forged)] {
                let ask = shop.payment(method.clone(), &path).json(&json!({}));
                let ask = match token {
                    Some(token) => ask.bearer_auth(token),
                    None => ask,
                };

                assert_eq!(answer(ask).await.0, 401, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn a_customer_does_nothing_that_is_the_operators() {
    for shop in Shop::all().await {
        let customer = shop.customer_token(CustomerId::generate());
        for (method, path) in [
            (Method::PUT, format!("/ops/credit/{}", CustomerId::generate())),
            (Method::GET, "/ops/refunds/parked".to_owned()),
            (Method::POST, format!("/ops/refunds/{}/retry", shop_kernel::RefundId::generate())),
            (Method::GET, "/ops/audit".to_owned()),
            (Method::GET, "/feed".to_owned()),
        ] {
            let body = json!({ "limit": { "minor": 1, "currency": "USD" } });
            let ask = shop.payment(method, &path).bearer_auth(&customer).json(&body);

            assert_eq!(answer(ask).await.0, 403, "{path}");
        }
    }
}

#[tokio::test]
async fn bodies_that_make_no_sense_are_refused_with_a_reason() {
    for shop in Shop::all().await {
        let path = format!("/ops/credit/{}", CustomerId::generate());
        for body in [
            json!({}),
            json!({ "limit": 1 }),
            json!({ "limit": { "minor": 1, "currency": "EUR" } }),
            json!({ "limit": { "minor": 1, "currency": "USD" }, "used": 0 }),
        ] {
            let (status, problem) = shop.operate(Method::PUT, &path, body.clone()).await;

            assert_eq!((status, &problem["code"]), (422, &json!("not-valid")), "{body}");
        }
    }
}
