//! One trace per order: what is said about its money continues the trace it came with.

use crate::support::*;

#[tokio::test]
async fn charge_and_refund_continue_the_trace_of_the_messages_that_led_to_them() {
    Logs::start();
    for shop in Shop::all().await {
        let order = shop.order_by_card(GOOD).await;
        let (placed, cancelled) =
            ("4bf92f3577b34da6a3ce929d0e0e4736", "0af7651916cd43dd8448eb211c80319c");
        let traced = |trace: &str| Some(format!("00-{trace}-00f067aa0ba902b7-01"));

        shop.publish(&order.placed().traced(traced(placed))).await;
        shop.until(&order, "charged").await;
        shop.publish(&order.cancelled().traced(traced(cancelled))).await;
        shop.until(&order, "refunded").await;

        let traces: Vec<_> = shop
            .feed()
            .await
            .iter()
            .map(|message| message["traceparent"].as_str().unwrap_or_default().to_owned())
            .map(|traceparent| traceparent.split('-').nth(1).unwrap_or_default().to_owned())
            .collect();
        assert_eq!(traces, [placed, cancelled]);
    }
}
