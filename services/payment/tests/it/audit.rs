//! The figures for the audit of the whole shop.

use reqwest::Method;
use serde_json::{Value, json};
use shop_contracts::order::PaymentMethod;
use shop_kernel::CustomerId;

use crate::support::*;

#[tokio::test]
async fn the_audit_counts_every_payment_and_sums_what_moved() {
    for shop in Shop::all().await {
        let charged = shop.order_by_card(GOOD).await;
        let refunded = shop.order(CustomerId::generate(), PaymentMethod::StoreCredit);
        let parked = shop.order_by_card(REFUSES_REFUNDS).await;
        let failed = shop.order_by_card(DECLINED).await;
        let withdrawn = shop.order_by_card(GOOD).await;
        for order in [&charged, &refunded, &parked, &failed] {
            shop.place(order).await;
        }
        for order in [&charged, &refunded, &parked] {
            shop.until(order, "charged").await;
        }
        for order in [&refunded, &parked, &withdrawn] {
            shop.cancel(order).await;
        }
        shop.until(&refunded, "refunded").await;
        shop.until(&parked, "refund-parked").await;
        shop.until(&withdrawn, "withdrawn").await;

        let (_, audit) = shop.operate(Method::GET, "/ops/audit", Value::Null).await;

        assert_eq!(audit["payments"], 5);
        let sums = json!({ "USD": { "charged": 5850, "refunded": 1950, "parked": 1950 } });
        assert_eq!(audit["sums"], sums);
        let of = |order: &Order| {
            let items = audit["items"].as_array().unwrap();
            let item = items.iter().find(|i| i["order"] == order.id.to_string()).unwrap();
            (item["state"].clone(), item["charged"].clone(), item["refunded"].clone())
        };
        assert_eq!(of(&charged), (json!("charged"), json!(1950), json!(0)));
        assert_eq!(of(&refunded), (json!("refunded"), json!(1950), json!(1950)));
        assert_eq!(of(&parked), (json!("refund-parked"), json!(1950), json!(0)));
        assert_eq!(of(&failed), (json!("failed"), json!(0), json!(0)));
        assert_eq!(of(&withdrawn), (json!("withdrawn"), json!(0), json!(0)));
    }
}

#[tokio::test]
async fn the_audit_is_read_page_by_page_and_no_payment_is_left_out() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();
        let orders: Vec<_> = (0..5).map(|_| shop.order(ada, PaymentMethod::StoreCredit)).collect();
        for order in &orders {
            shop.place(order).await;
        }
        for order in &orders {
            shop.until(order, "charged").await;
        }

        let mut seen = Vec::new();
        let mut path = "/ops/audit?limit=2".to_owned();
        loop {
            let (_, page) = shop.operate(Method::GET, &path, Value::Null).await;
            let items = page["items"].as_array().unwrap();
            seen.extend(items.iter().map(|item| item["order"].as_str().unwrap().to_owned()));
            let Some(after) = page["next"].as_str() else { break };
            path = format!("/ops/audit?limit=2&after={after}");
        }

        let mut expected: Vec<_> = orders.iter().map(|order| order.id.to_string()).collect();
        expected.sort();
        seen.sort();
        assert_eq!(seen, expected);
    }
}
