use order_core::domain::order_event::OrderEvent;
use order_core::ports::{
    Append, Cause, Change, Entry, EventStore as _, OrderBook as _, PageQuery, Standing,
};
use shop_contracts::order::CancelReason;
use shop_kernel::OrderId;

use super::support::*;
use crate::fixtures::*;

fn cancelling(order: OrderId) -> Change {
    let reason = CancelReason::TimedOut;
    let event = OrderEvent::Cancelled { reason, was_confirmed: false, at: at(15) };
    let entry = Entry::OrderDecided(Standing::Cancelled(reason));
    change(vec![Append { entry, ..order_append(order, 1, &[event]) }])
}

#[tokio::test]
async fn orders_are_listed_newest_first_in_pages() {
    for bench in benches().await {
        let mut orders = Vec::new();
        for _ in 0..5 {
            let order = OrderId::generate();
            bench.store.append(placing(order)).await.unwrap();
            orders.insert(0, order);
        }
        bench.store.append(cancelling(orders[1])).await.unwrap();

        let query = PageQuery { customer: Some(ADA), limit: 3, ..PageQuery::default() };
        let first = bench.store.page(&query).await.unwrap();
        let before = Some(first[2].order);
        let rest = bench.store.page(&PageQuery { before, ..query.clone() }).await.unwrap();
        let status = Some("cancelled");
        let cancelled = bench.store.page(&PageQuery { status, ..query.clone() }).await.unwrap();
        let harus = bench.store.page(&PageQuery { customer: Some(HARU), ..query }).await.unwrap();

        let ids: Vec<_> = first.iter().chain(&rest).map(|order| order.order).collect();
        assert_eq!(ids, orders);
        assert_eq!(cancelled.len(), 1);
        assert_eq!(cancelled[0].standing, Standing::Cancelled(CancelReason::TimedOut));
        assert_eq!(cancelled[0].total, usd(2_500));
        assert_eq!(harus, []);
    }
}

#[tokio::test]
async fn overdue_are_the_provisional_orders_whose_time_is_over() {
    for bench in benches().await {
        let (open, decided) = (OrderId::generate(), OrderId::generate());
        let traceparent = Some("00-a-b-01".to_owned());
        let cause = Cause { message: None, traceparent: traceparent.clone() };
        bench.store.append(Change { cause, ..placing(open) }).await.unwrap();
        bench.store.append(placing(decided)).await.unwrap();
        bench.store.append(cancelling(decided)).await.unwrap();

        let early = bench.store.overdue(at(14), 10).await.unwrap();
        let late = bench.store.overdue(at(15), 10).await.unwrap();

        assert_eq!(early, []);
        assert_eq!(late.len(), 1);
        assert_eq!((late[0].order, &late[0].traceparent), (open, &traceparent));
    }
}

#[tokio::test]
async fn the_audit_folds_every_order_and_finds_what_must_not_be() {
    for bench in benches().await {
        let (open, decided) = (OrderId::generate(), OrderId::generate());
        let reply = Some((key("key-1"), replied(open)));
        bench.store.append(Change { reply, ..placing(open) }).await.unwrap();
        bench.store.append(placing(decided)).await.unwrap();
        bench.store.append(cancelling(decided)).await.unwrap();

        let first = bench.store.audited(None, 1).await.unwrap();
        let second = bench.store.audited(Some(open), 10).await.unwrap();
        let findings = bench.store.findings(1_000).await.unwrap();

        assert_eq!(first[0].order.id(), open);
        assert_eq!((second[0].order.id(), second[0].version), (decided, 2));
        assert!(second[0].is_listed_right);
        assert_eq!((findings.orders, findings.open), (2, 1));
        assert!(findings.broken.is_empty() && findings.doubled.is_empty());
    }
}

#[tokio::test]
async fn the_audit_finds_a_gap_and_a_key_that_placed_twice() {
    for bench in benches().await {
        let (first, second) = (OrderId::generate(), OrderId::generate());
        let reply = |order| Some((key("key-1"), replied(order)));
        bench.store.append(Change { reply: reply(first), ..placing(first) }).await.unwrap();
        bench.store.forget_replies(at(1)).await.unwrap();
        bench.store.append(Change { reply: reply(second), ..placing(second) }).await.unwrap();
        let reserved = OrderEvent::StockReserved { at: at(1) };
        bench.store.append(change(vec![order_append(first, 2, &[reserved])])).await.unwrap();

        let findings = bench.store.findings(1_000).await.unwrap();

        assert_eq!(findings.doubled[0].orders, 2);
        assert_eq!(findings.broken[0].stream_id, first.uuid());
        assert!(bench.store.audited(None, 10).await.is_err());
    }
}
