//! The process dies between any two steps of handlers and workers, starts anew, and every effect
//! has happened once.

use std::sync::Arc;

use shop_contracts::order::PaymentMethod;
use shop_kernel::CustomerId;

use crate::support::*;

/// The life of an order: placed, charged, cancelled, refunded. Tells whether it came to its end.
async fn live(shop: &Shop, order: &Order, stop: Option<&StopAt>) -> bool {
    shop.place(order).await;
    let charged = reached(shop, order, stop, &["charged", "refunded"]).await;
    if charged {
        shop.cancel(order).await;
    }
    charged && reached(shop, order, stop, &["refunded"]).await
}

/// Waits for one of these states and for quiet; `false` when the process died before.
async fn reached(shop: &Shop, order: &Order, stop: Option<&StopAt>, states: &[&str]) -> bool {
    let there = shop.until_any(order, states);
    let Some(stop) = stop else {
        there.await;
        return true;
    };
    // A look may wait for a connection that the dead have in their hands.
    tokio::select! {
        _ = there => true,
        () = stop.stopped() => false,
    }
}

/// Goes through that life again and again, and dies one step later each time.
async fn die_everywhere(shop: &mut Shop, order: impl AsyncFn(&Shop) -> Order) -> usize {
    for nth in 1.. {
        shop.kill_payment();
        shop.start_payment().await;
        let order = order(shop).await;
        shop.kill_payment();
        let stop = Arc::new(StopAt::nth(nth));
        shop.start_watched(stop.clone()).await;
        let survived = live(shop, &order, Some(&stop)).await;

        shop.kill_payment();
        shop.clock.advance(PAST_A_LEASE);
        shop.start_payment().await;
        live(shop, &order, None).await;

        let told = shop.told(&order).await;
        assert_eq!(told, ["payment.processed.v1", "payment.refunded.v1"], "died at step {nth}");
        let (_, payment) = shop.look_at(&order).await;
        assert_eq!(payment["movements"].as_array().unwrap().len(), 2, "died at step {nth}");
        let moves = match order.method {
            PaymentMethod::Card(_) => (1, 1),
            PaymentMethod::StoreCredit => (0, 0),
        };
        assert_eq!(shop.moves(&order).await, moves, "died at step {nth}");
        if survived {
            return nth;
        }
    }
    0
}

#[tokio::test]
async fn a_charge_and_its_refund_happen_once_wherever_the_process_dies() {
    for mut shop in Shop::all().await {
        let steps = die_everywhere(&mut shop, async |shop| shop.order_by_card(GOOD).await).await;

        assert!(steps > 40, "the story has {steps} steps only");
    }
}

#[tokio::test]
async fn store_credit_is_used_and_given_back_once_wherever_the_process_dies() {
    for mut shop in Shop::all().await {
        let ada = CustomerId::generate();

        let order = async |shop: &Shop| shop.order(ada, PaymentMethod::StoreCredit);
        let steps = die_everywhere(&mut shop, order).await;

        let ask = shop.payment(reqwest::Method::GET, "/credit");
        let (_, credit) = answer(ask.bearer_auth(shop.customer_token(ada))).await;
        assert!(steps > 30, "the story has {steps} steps only");
        for account in credit["items"].as_array().unwrap() {
            assert_eq!(account["used"]["minor"], 0);
        }
    }
}
