//! Two instances, one piece of work.

use std::sync::Arc;

use payment::checkpoint::{Step, Uninterrupted};

use crate::support::*;

#[tokio::test]
async fn a_worker_that_lost_its_lease_stores_nothing() {
    for step in [Step::AboutToAsk, Step::Answered, Step::PaymentWritten] {
        for mut shop in Shop::all().await {
            let order = shop.order_by_card(GOOD).await;
            shop.kill_payment();
            let gate = Arc::new(Gate::at(step));
            // On SQLite a transaction that hangs holds everybody up, as a dead one would not.
            if step == Step::PaymentWritten && !shop.has_row_locks() {
                continue;
            }
            shop.start_watched(gate.clone()).await;
            shop.place(&order).await;
            testkit::eventually(BOUND, || async { gate.somebody_waits() }).await;

            shop.clock.advance(PAST_A_LEASE);
            let other = shop.another_payment(Arc::new(Uninterrupted)).await;
            shop.until(&order, "charged").await;
            gate.open();

            shop.until(&order, "charged").await;
            assert_eq!(shop.told(&order).await, ["payment.processed.v1"], "{step:?}");
            assert_eq!(shop.moves(&order).await, (1, 0), "{step:?}");
            drop(other);
        }
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
