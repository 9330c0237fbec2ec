//! Refunds the provider refuses.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::*;

async fn parked(shop: &Shop) -> (Order, Value) {
    let order = shop.order_by_card(REFUSES_REFUNDS).await;
    shop.place(&order).await;
    shop.until(&order, "charged").await;
    shop.cancel(&order).await;
    let payment = shop.until(&order, "refund-parked").await;
    (order, payment)
}

async fn allow_refunds(shop: &Shop, payment: &Value) {
    let key = payment["payment"].as_str().unwrap();
    let path = format!("/sandbox/charges/{key}/refunds-allowed");
    let ask = shop.provider(Method::PUT, &path).bearer_auth(shop.operator_token());
    assert_eq!(answer(ask).await.0, 204);
}

#[tokio::test]
async fn a_refused_refund_is_tried_a_few_times_and_then_parked_and_shown() {
    for shop in Shop::all().await {
        let (order, payment) = parked(&shop).await;

        let (_, list) = shop.operate(Method::GET, "/ops/refunds/parked", Value::Null).await;

        assert_eq!(list["items"], json!([payment]));
        assert_eq!(payment["parked"]["reason"], "the issuer does not take the money back");
        assert_eq!(shop.told(&order).await, ["payment.processed.v1", "payment.refund-parked.v1"]);
        let refunds = shop.ledger().await.iter().filter(|line| line["kind"] == "refund").count();
        assert_eq!((refunds, shop.moves(&order).await), (3, (1, 0)));
    }
}

#[tokio::test]
async fn a_parked_refund_that_an_operator_tries_again_is_given_back() {
    for shop in Shop::all().await {
        let (order, payment) = parked(&shop).await;
        let refund = payment["parked"]["refund"].as_str().unwrap();
        allow_refunds(&shop, &payment).await;

        let path = format!("/ops/refunds/{refund}/retry");
        let (status, _) = shop.operate(Method::POST, &path, Value::Null).await;

        shop.until(&order, "refunded").await;
        let (again, body) = shop.operate(Method::POST, &path, Value::Null).await;
        assert_eq!((status, again, &body["code"]), (202, 409, &json!("refund-not-parked")));
        assert_eq!(shop.told(&order).await.last().unwrap(), "payment.refunded.v1");
        assert_eq!(shop.moves(&order).await, (1, 1));
    }
}

#[tokio::test]
async fn a_parked_refund_refused_again_stays_parked_and_is_not_told_twice() {
    for shop in Shop::all().await {
        let (order, payment) = parked(&shop).await;
        let refund = payment["parked"]["refund"].as_str().unwrap();

        shop.operate(Method::POST, &format!("/ops/refunds/{refund}/retry"), Value::Null).await;

        testkit::eventually(BOUND, || async {
            shop.ledger().await.iter().filter(|line| line["kind"] == "refund").count() == 4
        })
        .await;
        shop.until(&order, "refund-parked").await;
        assert_eq!(shop.told(&order).await, ["payment.processed.v1", "payment.refund-parked.v1"]);
    }
}

#[tokio::test]
async fn parked_due_work_opened_by_hand_is_a_retry_too() {
    for shop in Shop::all().await {
        let (order, payment) = parked(&shop).await;
        allow_refunds(&shop, &payment).await;
        let (_, work) = shop.operate(Method::GET, "/ops/due-work", Value::Null).await;
        let id = work["items"][0]["id"].as_str().unwrap();

        let path = format!("/ops/due-work/{id}/reopen");
        let (status, _) = shop.operate(Method::POST, &path, Value::Null).await;

        shop.until(&order, "refunded").await;
        assert_eq!((status, shop.moves(&order).await), (204, (1, 1)));
    }
}

#[tokio::test]
async fn a_refund_waits_for_a_provider_that_is_down() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        shop.place(&order).await;
        shop.until(&order, "charged").await;
        shop.set_mode("down").await;
        shop.cancel(&order).await;
        shop.once(&order, "refund-due").await;

        shop.set_mode("up").await;

        shop.until(&order, "refunded").await;
        assert_eq!(shop.told(&order).await, ["payment.processed.v1", "payment.refunded.v1"]);
    }
}

#[tokio::test]
async fn a_refund_nobody_knows_cannot_be_tried_again() {
    for shop in Shop::all().await {
        let nobodys = shop_kernel::RefundId::generate();

        let path = format!("/ops/refunds/{nobodys}/retry");
        let (status, body) = shop.operate(Method::POST, &path, Value::Null).await;

        assert_eq!((status, &body["code"]), (404, &json!("refund-unknown")));
    }
}
