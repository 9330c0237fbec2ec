//! Two instances, one piece of work.

use std::sync::Arc;

use payment::checkpoint::{Step, Uninterrupted};

use crate::support::*;

#[tokio::test]
async fn a_worker_that_comes_back_after_another_has_done_its_work_changes_nothing() {
    for step in [Step::AboutToAsk, Step::Answered] {
        for mut shop in Shop::all().await {
            let order = shop.order_by_card(GOOD).await;
            let slow = Arc::new(Gate::at(step));
            shop.kill_payment();
            shop.start_watched(slow.clone()).await;
            shop.place(&order).await;
            testkit::eventually(BOUND, || async { slow.somebody_waits() }).await;

            let _other = shop.another_payment(Arc::new(Uninterrupted)).await;
            shop.past_a_lease(async || shop.look_at(&order).await.1["state"] == "charged").await;
            slow.open();

            shop.until(&order, "charged").await;
            assert_eq!(shop.told(&order).await, ["payment.processed.v1"], "{step:?}");
            assert_eq!(shop.moves(&order).await, (1, 0), "{step:?}");
        }
    }
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_stores_nothing_and_the_next_one_does() {
    for mut shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        let slow = Arc::new(Gate::at(Step::Answered));
        shop.kill_payment();
        shop.start_watched(slow.clone()).await;
        shop.place(&order).await;
        testkit::eventually(BOUND, || async { slow.somebody_waits() }).await;
        let next = Arc::new(Gate::at(Step::AboutToAsk));
        let _other = shop.another_payment(next.clone()).await;
        shop.past_a_lease(async || next.somebody_waits()).await;

        slow.open();
        testkit::eventually(BOUND, || async { slow.has_tried_to_store() }).await;
        let (_, meanwhile) = shop.look_at(&order).await;
        next.open();

        shop.until(&order, "charged").await;
        assert_eq!(meanwhile["state"], "charging");
        assert_eq!(shop.told(&order).await, ["payment.processed.v1"]);
        assert_eq!(shop.moves(&order).await, (1, 0));
    }
}

#[tokio::test]
async fn two_instances_share_the_work_and_do_each_piece_once() {
    for shop in Shop::all().await {
        let other = shop.another_payment(Arc::new(Uninterrupted)).await;
        let ada = shop_kernel::CustomerId::generate();
        let method = shop_contracts::order::PaymentMethod::Card(shop.add_card(ada, GOOD).await);
        let orders: Vec<_> = (0..30).map(|_| shop.order(ada, method)).collect();

        for order in &orders {
            shop.place(order).await;
            shop.cancel(order).await;
        }

        testkit::eventually(BOUND, || async {
            let (_, audit) =
                shop.operate(reqwest::Method::GET, "/ops/audit", serde_json::Value::Null).await;
            let items = audit["items"].as_array().unwrap();
            let over =
                |i: &&serde_json::Value| i["state"] == "refunded" || i["state"] == "withdrawn";
            items.iter().filter(over).count() == orders.len() && shop.is_quiet().await
        })
        .await;
        for order in &orders {
            let (charged, refunded) = shop.moves(order).await;
            assert_eq!(charged, refunded);
        }
        drop(other);
    }
}
