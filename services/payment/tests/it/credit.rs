//! Store credit: the credit-limit saga.

use reqwest::Method;
use serde_json::{Value, json};
use shop_contracts::order::PaymentMethod;
use shop_kernel::{Currency, CustomerId, Money};

use crate::support::*;

async fn used(shop: &Shop, customer: CustomerId) -> Value {
    let ask = shop.payment(Method::GET, "/credit").bearer_auth(shop.customer_token(customer));
    let (_, credit) = answer(ask).await;
    let usd = credit["items"].as_array().unwrap().iter().find(|i| i["currency"] == "USD").unwrap();
    usd["used"]["minor"].clone()
}

#[tokio::test]
async fn store_credit_is_used_by_an_order_and_given_back_when_it_is_cancelled() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();
        let order = shop.order(ada, PaymentMethod::StoreCredit);
        let before = used(&shop, ada).await;
        shop.place(&order).await;
        let charged = shop.until(&order, "charged").await;
        let meanwhile = used(&shop, ada).await;

        shop.cancel(&order).await;
        shop.until(&order, "refunded").await;

        assert_eq!([before, meanwhile, used(&shop, ada).await], [json!(0), json!(1950), json!(0)]);
        assert_eq!(charged["method"], json!({ "kind": "store-credit" }));
        assert_eq!(shop.told(&order).await, ["payment.processed.v1", "payment.refunded.v1"]);
        assert_eq!(shop.moves(&order).await, (0, 0));
    }
}

#[tokio::test]
async fn an_order_past_the_limit_fails_and_uses_nothing() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();
        let total = Money::new(20_001, Currency::Usd);
        let order = Order { total, ..shop.order(ada, PaymentMethod::StoreCredit) };

        shop.place(&order).await;

        let payment = shop.until(&order, "failed").await;
        assert_eq!(payment["failure"], "credit-limit-exceeded");
        assert_eq!(used(&shop, ada).await, json!(0));
    }
}

#[tokio::test]
async fn orders_at_once_never_pass_the_limit_together() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();
        let orders: Vec<_> = (0..20).map(|_| shop.order(ada, PaymentMethod::StoreCredit)).collect();

        futures::future::join_all(orders.iter().map(|order| shop.place(order))).await;

        testkit::eventually(BOUND, || async {
            shop.feed().await.len() == orders.len() && shop.is_quiet().await
        })
        .await;
        let feed = shop.feed().await;
        let charged = feed.iter().filter(|m| m["type"] == "payment.processed.v1").count();
        assert_eq!((charged, used(&shop, ada).await), (10, json!(19_500)));
    }
}

#[tokio::test]
async fn an_operator_sets_the_limit_of_a_customer() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();
        let path = format!("/ops/credit/{ada}");
        let limit = |minor: i64| json!({ "limit": { "minor": minor, "currency": "USD" } });
        let first = shop.order(ada, PaymentMethod::StoreCredit);
        shop.place(&first).await;
        shop.until(&first, "charged").await;

        let (status, account) = shop.operate(Method::PUT, &path, limit(2_000)).await;
        let (refused, problem) = shop.operate(Method::PUT, &path, limit(-1)).await;
        let second = shop.order(ada, PaymentMethod::StoreCredit);
        shop.place(&second).await;
        shop.until(&second, "failed").await;

        assert_eq!((status, &account["available"]["minor"]), (200, &json!(50)));
        assert_eq!((refused, &problem["code"]), (422, &json!("credit-limit-not-valid")));
        assert_eq!(used(&shop, ada).await, json!(1950));
    }
}
