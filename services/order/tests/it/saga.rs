use chrono::TimeDelta;
use shop_contracts::order::{CancelReason, OrderCancelled, OrderConfirmed};
use shop_contracts::routing::ORDER_REPLIES;
use shop_kernel::OrderId;
use uuid::Uuid;

use crate::fixtures::*;
use crate::neighbours::*;
use crate::support::*;

async fn dead_letters(shop: &Shop) -> u64 {
    shop.broker.depth(ORDER_REPLIES).await.unwrap().dead
}

#[tokio::test]
async fn payment_and_stock_confirm_in_either_order() {
    for shop in messaging_shops().await {
        let ada = shop.ada();
        for is_paid_first in [true, false] {
            let order = ada.buys_mugs().await;
            let mut answers = [processed(order, usd(2_500)), reserved(order)];
            if !is_paid_first {
                answers.reverse();
            }

            for answer in &answers {
                shop.tells(answer).await;
            }

            let found = shop.ends(order, "confirmed").await;
            assert_eq!(found["payment"]["state"], "processed");
            assert_eq!(found["stock"]["state"], "reserved");
            assert_eq!(found["timeline"].as_array().unwrap().len(), 4);
            assert!(found["cancellable_until"].is_string());
        }
    }
}

#[tokio::test]
async fn a_confirmation_is_published_with_cause_and_trace() {
    for shop in messaging_shops().await {
        let order = shop.ada().buys_mugs().await;
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let answers = [
            processed(order, usd(2_500)).traced(Some(trace.to_owned())),
            reserved(order).traced(Some(trace.to_owned())),
        ];

        for answer in &answers {
            shop.tells(answer).await;
        }

        let told = shop.hears::<OrderConfirmed>().await;
        let causes = answers.map(|answer| Some(answer.id));
        assert!(causes.contains(&told.causation_id), "{told:?}");
        assert_eq!((told.version, told.correlation_id), (4, Some(order)));
        assert_eq!(told.traceparent.as_deref(), Some(trace));
        let window = told.data.cancellable_until - told.data.confirmed_at;
        assert_eq!(window, TimeDelta::minutes(30));
    }
}

#[tokio::test]
async fn the_first_failure_cancels_with_its_reason() {
    for shop in messaging_shops().await {
        let ada = shop.ada();
        let (declined, short) = (ada.buys_mugs().await, ada.buys_mugs().await);

        shop.tells(&failed(declined)).await;
        shop.tells(&rejected(short)).await;
        let declined = shop.ends(declined, "cancelled").await;
        let short = shop.ends(short, "cancelled").await;

        assert_eq!(declined["reason"], "payment-failed");
        assert_eq!(declined["timeline"][1]["reason"], "declined");
        assert_eq!(short["reason"], "out-of-stock");
        assert_eq!(short["timeline"][1]["short"][0]["available"], 1);
        assert!(short["cancellable_until"].is_null());
    }
}

#[tokio::test]
async fn duplicates_and_late_answers_change_nothing() {
    for shop in messaging_shops().await {
        let order = shop.ada().buys_mugs().await;
        let (paid, held) = (processed(order, usd(2_500)), reserved(order));
        for message in [&paid, &paid, &held, &held, &paid] {
            shop.tells(message).await;
        }
        shop.ends(order, "confirmed").await;

        for message in [&failed(order), &rejected(order), &processed(order, usd(2_500))] {
            shop.tells(message).await;
        }

        let inbox = format!("/inbox?order={order}");
        let noted = testkit::eventually(BOUND, || async {
            let noted = shop.ada().get(&inbox).await.body["items"].clone();
            (noted.as_array().unwrap().len() == 5).then_some(noted)
        })
        .await;
        assert_eq!(noted[0]["consumer"], "order.replies");
        testkit::eventually(BOUND, || async { shop.pending_messages().await == 0 }).await;
        let found = shop.ada().order(order).await;
        assert_eq!((&found["status"], &found["version"]), (&"confirmed".into(), &4.into()));
        assert_eq!(shop.published::<OrderConfirmed>().await.len(), 1);
        assert_eq!(shop.published::<OrderCancelled>().await.len(), 0);
        assert_eq!(dead_letters(&shop).await, 0);
    }
}

#[tokio::test]
async fn answers_at_once_end_in_one_decision() {
    for shop in messaging_shops().await {
        let ada = shop.ada();
        let mut orders = Vec::new();
        for _ in 0..6 {
            orders.push(ada.buys_mugs().await);
        }

        let messages: Vec<_> = orders
            .iter()
            .flat_map(|order| [processed(*order, usd(2_500)), reserved(*order)])
            .collect();
        shop.broker.publish(&messages).await;

        for order in orders {
            let found = shop.ends(order, "confirmed").await;
            assert_eq!(found["version"], 4);
        }
        testkit::eventually(BOUND, || async { shop.pending_messages().await == 0 }).await;
        assert_eq!(shop.published::<OrderConfirmed>().await.len(), 6);
    }
}

#[tokio::test]
async fn a_customer_cancels_while_the_order_is_provisional_and_repeats_it() {
    for shop in messaging_shops().await {
        let ada = shop.ada();
        let order = ada.buys_mugs().await;

        let cancelled = ada.cancels(order).await;
        let again = ada.cancels(order).await;

        assert_eq!(cancelled.status, 200);
        assert_eq!(cancelled.body["reason"], "by-customer");
        assert_eq!(again.text, cancelled.text);
        let told = shop.hears::<OrderCancelled>().await;
        assert_eq!(told.data.reason, CancelReason::ByCustomer);
        assert_eq!((told.data.was_confirmed, told.causation_id), (false, None));
    }
}

#[tokio::test]
async fn a_confirmed_order_is_cancelled_within_the_window_and_not_after() {
    for shop in messaging_shops().await {
        let ada = shop.ada();
        let (early, late) = (ada.buys_mugs().await, ada.buys_mugs().await);
        for order in [early, late] {
            shop.tells(&processed(order, usd(2_500))).await;
            shop.tells(&reserved(order)).await;
            shop.ends(order, "confirmed").await;
        }

        let in_time = ada.cancels(early).await;
        shop.clock.advance(TimeDelta::minutes(31));
        let too_late = ada.cancels(late).await;

        assert_eq!(in_time.body["status"], "cancelled");
        assert_eq!(too_late.code(), (409, "too-late-to-cancel"));
        let found = ada.order(late).await;
        assert_eq!(found["status"], "confirmed");
        assert_eq!(too_late.body["cancellable_until"], found["cancellable_until"]);
        assert!(shop.hears::<OrderCancelled>().await.data.was_confirmed);
    }
}

#[tokio::test]
async fn a_cancel_that_races_with_the_confirmation_leaves_one_winner_per_fact() {
    for shop in messaging_shops().await {
        let ada = shop.ada();
        for _ in 0..4 {
            let order = ada.buys_mugs().await;
            shop.tells(&reserved(order)).await;

            let paid = processed(order, usd(2_500));
            let (cancelled, ()) = tokio::join!(ada.cancels(order), shop.tells(&paid));

            assert_eq!(cancelled.status, 200, "{}", cancelled.text);
            let found = shop.ends(order, "cancelled").await;
            let versions: Vec<_> = found["timeline"]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| entry["version"].as_u64().unwrap())
                .collect();
            assert_eq!(versions, (1..=versions.len() as u64).collect::<Vec<_>>());
            let last = found["timeline"].as_array().unwrap().last().unwrap().clone();
            assert_eq!(last["type"], "cancelled");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_true_is_a_dead_letter_and_harms_nobody() {
    for shop in messaging_shops().await {
        let order = shop.ada().buys_mugs().await;
        let mut broken = reserved(order);
        broken.id = Uuid::now_v7();
        broken.data = serde_json::json!({ "order": 7 });

        shop.tells(&processed(order, usd(1))).await;
        shop.tells(&reserved(OrderId::generate())).await;
        shop.tells(&broken).await;

        testkit::eventually(BOUND, || async { dead_letters(&shop).await == 3 }).await;
        let found = shop.ada().order(order).await;
        assert_eq!((&found["status"], &found["version"]), (&"provisional".into(), &1.into()));
        let letters = shop.operator().get("/ops/dead-letters").await;
        let reasons = letters.text;
        assert!(reasons.contains("there is no order"), "{reasons}");
    }
}
