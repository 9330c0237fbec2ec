use chrono::TimeDelta;
use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use shop_contracts::order::{CancelReason, OrderCancelled, OrderPlaced};

use crate::fixtures::*;
use crate::neighbours::*;
use crate::support::*;

#[tokio::test]
async fn an_order_nobody_answers_times_out_in_its_own_trace() {
    for shop in messaging_shops().await {
        let order = shop.ada().buys_mugs().await;
        let placed = shop.hears::<OrderPlaced>().await;

        shop.clock.advance(TimeDelta::minutes(16));

        let found = shop.ends(order, "cancelled").await;
        assert_eq!(found["reason"], "timed-out");
        let told = shop.hears::<OrderCancelled>().await;
        assert_eq!(told.data.reason, CancelReason::TimedOut);
        assert_eq!(told.traceparent, placed.traceparent);
        assert_eq!((told.version, told.causation_id), (2, None));
    }
}

#[tokio::test]
async fn an_order_that_still_has_time_is_left_alone() {
    for shop in messaging_shops().await {
        let ada = shop.ada();
        let old = ada.buys_mugs().await;
        shop.clock.advance(TimeDelta::minutes(10));
        let young = ada.buys_mugs().await;

        shop.clock.advance(TimeDelta::minutes(6));
        shop.ends(old, "cancelled").await;

        assert_eq!(ada.order(young).await["status"], "provisional");
    }
}

#[tokio::test]
async fn replicas_cancel_an_order_once() {
    for shop in messaging_shops().await {
        let replicas = [shop.replica().await, shop.replica().await];
        let ada = shop.ada();
        let mut orders = Vec::new();
        for _ in 0..5 {
            orders.push(ada.buys_mugs().await);
        }

        shop.clock.advance(TimeDelta::minutes(16));
        for order in orders {
            assert_eq!(shop.ends(order, "cancelled").await["version"], 2);
        }

        testkit::eventually(BOUND, || async { shop.pending_messages().await == 0 }).await;
        assert_eq!(shop.published::<OrderCancelled>().await.len(), 5);
        drop(replicas);
    }
}

#[tokio::test]
async fn an_order_that_cannot_be_read_keeps_no_other_from_timing_out() {
    for shop in messaging_shops().await {
        let ada = shop.ada();
        let (broken, sound) = (ada.buys_mugs().await, ada.buys_mugs().await);
        let id = broken.uuid();
        let damage = Query::update()
            .table("events")
            .value("data", serde_json::json!({}))
            .and_where(Expr::col("stream_id").eq(id))
            .to_owned();
        shop.db.execute(&damage).await.unwrap();

        shop.clock.advance(TimeDelta::minutes(16));

        assert_eq!(shop.ends(sound, "cancelled").await["reason"], "timed-out");
    }
}

#[tokio::test]
async fn a_decided_order_never_times_out() {
    for shop in messaging_shops().await {
        let ada = shop.ada();
        let (confirmed, forgotten) = (ada.buys_mugs().await, ada.buys_mugs().await);
        shop.tells(&processed(confirmed, usd(2_500))).await;
        shop.tells(&reserved(confirmed)).await;
        shop.ends(confirmed, "confirmed").await;

        shop.clock.advance(TimeDelta::minutes(16));
        shop.ends(forgotten, "cancelled").await;

        assert_eq!(ada.order(confirmed).await["status"], "confirmed");
    }
}
