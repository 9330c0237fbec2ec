//! The money column of the saga table, row by row.

use chrono::TimeDelta;
use serde_json::json;
use shop_contracts::order::PaymentMethod;
use shop_kernel::CustomerId;

use crate::support::*;

#[tokio::test]
async fn a_placed_order_is_charged_once_and_told_once_however_often_it_comes() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;

        let message = shop.place(&order).await;
        shop.publish(&message).await;
        shop.place(&order).await;

        let payment = shop.until(&order, "charged").await;
        assert_eq!(payment["movements"][0]["amount"], json!({ "minor": 1950, "currency": "USD" }));
        assert_eq!(payment["method"]["last4"], "4242");
        assert_eq!(shop.told(&order).await, ["payment.processed.v1"]);
        assert_eq!(shop.moves(&order).await, (1, 0));
    }
}

#[tokio::test]
async fn a_refused_charge_fails_the_payment_with_its_reason_and_takes_nothing() {
    for shop in Shop::all().await {
        for (number, reason) in
            [(DECLINED, "declined"), (POOR, "insufficient-funds"), (FAILS_WHEN_CHARGED, "declined")]
        {
            let order = shop.order_by_card(number).await;

            shop.place(&order).await;

            let payment = shop.until(&order, "failed").await;
            assert_eq!(payment["failure"], reason);
            assert_eq!(payment["movements"], json!([]));
            assert_eq!(shop.told(&order).await, ["payment.failed.v1"]);
            assert_eq!(shop.moves(&order).await, (0, 0));
        }
    }
}

#[tokio::test]
async fn a_method_that_is_not_the_customers_or_was_removed_fails_the_payment() {
    for shop in Shop::all().await {
        let (ada, haru) = (CustomerId::generate(), CustomerId::generate());
        let adas = shop.add_card(ada, GOOD).await;
        let removed = shop.add_card(haru, GOOD).await;
        let path = format!("/payment-methods/{removed}");
        let ask = shop.payment(reqwest::Method::DELETE, &path);
        answer(ask.bearer_auth(shop.customer_token(haru))).await;

        for method in [adas, removed] {
            let order = shop.order(haru, PaymentMethod::Card(method));
            shop.place(&order).await;

            let payment = shop.until(&order, "failed").await;
            assert_eq!(payment["failure"], "method-not-yours");
        }
    }
}

#[tokio::test]
async fn a_cancelled_order_gets_its_charge_back_once() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        shop.place(&order).await;
        shop.until(&order, "charged").await;

        let message = shop.cancel(&order).await;
        shop.publish(&message).await;
        shop.cancel(&order).await;

        let payment = shop.until(&order, "refunded").await;
        assert_eq!(payment["movements"][1]["kind"], "refund");
        assert_eq!(shop.told(&order).await, ["payment.processed.v1", "payment.refunded.v1"]);
        assert_eq!(shop.moves(&order).await, (1, 1));
    }
}

#[tokio::test]
async fn a_failed_payment_has_nothing_to_give_back() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(DECLINED).await;
        shop.place(&order).await;
        shop.until(&order, "failed").await;

        shop.cancel(&order).await;

        shop.until(&order, "failed").await;
        assert_eq!(shop.told(&order).await, ["payment.failed.v1"]);
    }
}

#[tokio::test]
async fn a_cancellation_that_comes_before_its_order_means_no_charge() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        shop.cancel(&order).await;
        shop.until(&order, "withdrawn").await;

        shop.place(&order).await;

        testkit::eventually(BOUND, || async {
            !shop.look_at(&order).await.1["amount"].is_null() && shop.is_quiet().await
        })
        .await;
        assert_eq!(shop.look_at(&order).await.1["state"], "withdrawn");
        assert_eq!(shop.told(&order).await, Vec::<String>::new());
        assert_eq!(shop.moves(&order).await, (0, 0));
    }
}

#[tokio::test]
async fn a_cancellation_while_the_charge_is_under_way_is_refunded_once_the_answer_is_known() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(SLOW).await;
        shop.place(&order).await;
        shop.once(&order, "charging").await;

        shop.cancel(&order).await;

        shop.until(&order, "refunded").await;
        assert_eq!(shop.told(&order).await, ["payment.processed.v1", "payment.refunded.v1"]);
        assert_eq!(shop.moves(&order).await, (1, 1));
    }
}

#[tokio::test]
async fn a_provider_that_is_down_and_comes_back_charges_once_and_fails_nothing() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        shop.set_mode("down").await;
        shop.place(&order).await;
        shop.once(&order, "charging").await;
        let told_meanwhile = shop.told(&order).await;

        shop.set_mode("up").await;

        shop.until(&order, "charged").await;
        assert_eq!(told_meanwhile, Vec::<String>::new());
        assert_eq!(shop.told(&order).await, ["payment.processed.v1"]);
        assert_eq!(shop.moves(&order).await, (1, 0));
    }
}

#[tokio::test]
async fn a_provider_that_is_gone_is_waited_for_and_does_not_make_the_service_unready() {
    for mut shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        shop.kill_provider();
        shop.place(&order).await;
        shop.once(&order, "charging").await;
        let ready = testkit::eventually(BOUND, || async {
            let (status, body) = answer(shop.payment(reqwest::Method::GET, "/health/ready")).await;
            (body["reported"]["provider"] == false).then_some(status)
        })
        .await;

        shop.start_provider().await;

        shop.until(&order, "charged").await;
        assert_eq!(ready, 200);
        assert_eq!(shop.moves(&order).await, (1, 0));
    }
}

#[tokio::test]
async fn a_charge_that_lands_after_the_order_timed_out_is_given_back() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        shop.set_mode("down").await;
        shop.place(&order).await;
        shop.once(&order, "charging").await;
        shop.clock.advance(TimeDelta::minutes(16));
        shop.cancel(&order).await;

        shop.set_mode("up").await;

        shop.until(&order, "refunded").await;
        assert_eq!(shop.moves(&order).await, (1, 1));
    }
}

#[tokio::test]
async fn no_charge_begins_after_the_order_expired() {
    for shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        let late = Order { expires_at: order.expires_at - TimeDelta::minutes(16), ..order };

        shop.place(&late).await;

        let payment = shop.until(&late, "failed").await;
        assert_eq!(payment["failure"], "expired");
        assert_eq!(shop.moves(&late).await, (0, 0));
    }
}

#[tokio::test]
async fn many_orders_at_once_are_each_charged_once() {
    for shop in Shop::all().await {
        let ada = CustomerId::generate();
        let method = PaymentMethod::Card(shop.add_card(ada, GOOD).await);
        let orders: Vec<_> = (0..40).map(|_| shop.order(ada, method)).collect();

        futures::future::join_all(orders.iter().map(|order| shop.place(order))).await;

        for order in &orders {
            shop.until(order, "charged").await;
        }
        let charges = shop.ledger().await.iter().filter(|line| line["kind"] == "charge").count();
        assert_eq!((charges, shop.feed().await.len()), (40, 40));
    }
}
