use order_core::domain::cart::Cart;
use order_core::domain::history::{Aggregate as _, StreamId};
use order_core::domain::order_event::OrderEvent;
use order_core::domain::stored::Snapshot;
use order_core::ports::{
    Append, Appended, Change, CheckoutDesk as _, Entry, EventStore as _, StoreError, Until,
};
use shop_kernel::{CartId, OrderId};

use super::support::*;
use crate::fixtures::*;

#[tokio::test]
async fn what_was_appended_is_read_back_in_order() {
    for bench in benches().await {
        let cart = CartId::generate();
        bench.store.append(opening(cart)).await.unwrap();

        bench.store.append(change(vec![cart_append(cart, 2, &[mugs(3)])])).await.unwrap();

        let history = bench.store.history(StreamId::Cart(cart), Until::Now).await.unwrap();
        let versions: Vec<_> = history.iter().map(|event| event.version).collect();
        assert_eq!(versions, [1, 2, 3]);
        assert_eq!(
            history[2].event.decode::<order_core::domain::cart_event::CartEvent>().unwrap(),
            mugs(3)
        );
        assert_eq!(history[2].at, at(0));
    }
}

#[tokio::test]
async fn a_stale_writer_is_refused_and_nothing_of_its_change_is_written() {
    for bench in benches().await {
        let order = OrderId::generate();
        bench.store.append(placing(order)).await.unwrap();
        let reserved = OrderEvent::StockReserved { at: at(1) };
        bench.store.append(change(vec![order_append(order, 1, &[reserved])])).await.unwrap();

        let other = OrderId::generate();
        let late = OrderEvent::StockRejected { short: vec![], at: at(1) };
        let mut stale = placing(other);
        stale.appends.push(order_append(order, 1, &[late]));
        stale.reply = Some((key("late"), replied(other)));
        let refused = bench.store.append(stale).await;

        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        let other = bench.store.history(StreamId::Order(other), Until::Now).await.unwrap();
        assert!(other.is_empty());
        assert_eq!(bench.pending_messages().await, 1);
        assert_eq!(bench.store.reply(&key("late")).await.unwrap(), None);
    }
}

#[tokio::test]
async fn writers_on_one_stream_take_turns_and_leave_no_gap() {
    for bench in benches().await {
        let cart = CartId::generate();
        bench.store.append(opening(cart)).await.unwrap();

        let writers = (0..32).map(|_| async {
            loop {
                let (_, version) = bench.cart(cart).await;
                let more = mugs(u32::try_from(version).unwrap());
                let append = cart_append(cart, version, &[more]);
                match bench.store.append(change(vec![append])).await {
                    Ok(_) => return,
                    Err(StoreError::Conflict) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
        });
        futures::future::join_all(writers).await;

        let history = bench.store.history(StreamId::Cart(cart), Until::Now).await.unwrap();
        let versions: Vec<_> = history.iter().map(|event| event.version).collect();
        assert_eq!(versions, (1..=34).collect::<Vec<_>>());
        assert!(bench.store.findings(1).await.unwrap().broken.is_empty());
    }
}

#[tokio::test]
async fn a_message_that_was_noted_before_writes_nothing() {
    for bench in benches().await {
        let order = OrderId::generate();
        bench.store.append(placing(order)).await.unwrap();
        let received = delivery(order);
        let noting = |events: &[OrderEvent], expected| Change {
            received: Some(received.clone()),
            ..change(vec![order_append(order, expected, events)])
        };

        let first = bench.store.append(noting(&[OrderEvent::StockReserved { at: at(1) }], 1)).await;
        let again = bench.store.append(noting(&[OrderEvent::StockReserved { at: at(2) }], 2)).await;

        assert_eq!(first.unwrap(), Appended::Written);
        assert_eq!(again.unwrap(), Appended::ReceivedBefore);
        let history = bench.store.history(StreamId::Order(order), Until::Now).await.unwrap();
        assert_eq!(history.len(), 2);
        let noted = chassis_messaging::inbox::of_order(&bench.db, order, None).await.unwrap();
        assert_eq!(noted.len(), 1);
        assert_eq!(noted[0].customer, Some(ADA.to_string()));
    }
}

#[tokio::test]
async fn a_message_without_effect_is_noted_all_the_same() {
    for bench in benches().await {
        let order = OrderId::generate();
        let noting = Change { received: Some(delivery(order)), ..change(vec![]) };

        let first = bench.store.append(noting.clone()).await.unwrap();
        let again = bench.store.append(noting).await.unwrap();

        assert_eq!([first, again], [Appended::Written, Appended::ReceivedBefore]);
    }
}

#[tokio::test]
async fn a_snapshot_spares_the_reading_of_what_came_before() {
    for bench in benches().await {
        let cart = CartId::generate();
        bench.store.append(opening(cart)).await.unwrap();
        let (state, version) = bench.cart(cart).await;
        let snapshot = Some(Snapshot::take(&state.unwrap(), version).unwrap());

        let append = cart_append(cart, 2, &[mugs(3), mugs(4)]);
        bench.store.append(change(vec![Append { snapshot, ..append }])).await.unwrap();

        let stored = bench.store.load(StreamId::Cart(cart), Cart::SNAPSHOT_SCHEMA).await.unwrap();
        let versions: Vec<_> = stored.events.iter().map(|event| event.version).collect();
        assert_eq!(stored.snapshot.as_ref().map(|snapshot| snapshot.version), Some(2));
        assert_eq!(versions, [3, 4]);
        let whole = bench.store.history(StreamId::Cart(cart), Until::Now).await.unwrap();
        let whole = order_core::domain::stored::Stored { snapshot: None, events: whole };
        assert_eq!(stored.rebuild::<Cart>().unwrap(), whole.rebuild::<Cart>().unwrap());
    }
}

#[tokio::test]
async fn a_snapshot_of_another_form_is_passed_over() {
    for bench in benches().await {
        let cart = CartId::generate();
        let mut opening = opening(cart);
        let schema = Cart::SNAPSHOT_SCHEMA + 1;
        let state = serde_json::json!("of another time");
        opening.appends[0].snapshot = Some(Snapshot { version: 2, schema, state });
        bench.store.append(opening).await.unwrap();

        let (cart, version) = bench.cart(cart).await;

        assert_eq!(version, 2);
        assert_eq!(cart.unwrap().lines().len(), 1);
    }
}

#[tokio::test]
async fn snapshots_on_demand_cover_what_grew_and_are_taken_once() {
    for bench in benches().await {
        let (cart, order) = (CartId::generate(), OrderId::generate());
        bench.store.append(opening(cart)).await.unwrap();
        bench.store.append(placing(order)).await.unwrap();
        let shared = std::sync::Arc::new(bench.store.clone());
        let snapshots = order_core::app::Snapshots::new(shared.clone(), shared);

        let grown = snapshots.take(2).await.unwrap();
        let rest = snapshots.take(1).await.unwrap();
        let nothing = snapshots.take(1).await.unwrap();

        assert_eq!([grown, rest, nothing], [1, 1, 0]);
        let stored = bench.store.load(StreamId::Cart(cart), Cart::SNAPSHOT_SCHEMA).await.unwrap();
        assert!(stored.events.is_empty());
        assert_eq!(bench.cart(cart).await.1, 2);
    }
}

#[tokio::test]
async fn an_owner_has_one_open_cart() {
    for bench in benches().await {
        let first = CartId::generate();
        bench.store.append(opening(first)).await.unwrap();

        let second = bench.store.append(opening(CartId::generate())).await;

        assert!(matches!(second, Err(StoreError::Conflict)), "{second:?}");
        let owner = order_core::domain::cart_event::CartOwner::Customer(ADA);
        let open = bench.store.open_cart(owner, Cart::SNAPSHOT_SCHEMA).await.unwrap();
        assert_eq!(open.rebuild::<Cart>().unwrap().state.unwrap().id(), first);
    }
}

#[tokio::test]
async fn a_cart_that_ended_is_nobodys_open_cart() {
    for bench in benches().await {
        let cart = CartId::generate();
        let owner = order_core::domain::cart_event::CartOwner::Customer(ADA);
        bench.store.append(opening(cart)).await.unwrap();
        let ended =
            order_core::domain::cart_event::CartEvent::CheckedOut { order: OrderId::generate() };

        let append = cart_append(cart, 2, &[ended]);
        let ending = Append { entry: Entry::CartEnded(owner), ..append };
        bench.store.append(change(vec![ending])).await.unwrap();

        let open = bench.store.open_cart(owner, Cart::SNAPSHOT_SCHEMA).await.unwrap();
        assert_eq!(open, Default::default());
        bench.store.append(opening(CartId::generate())).await.unwrap();
    }
}

#[tokio::test]
async fn a_history_is_cut_at_a_version_or_a_time() {
    for bench in benches().await {
        let order = OrderId::generate();
        bench.store.append(placing(order)).await.unwrap();
        let reserved = OrderEvent::StockReserved { at: at(5) };
        let later = Change { at: at(5), ..change(vec![order_append(order, 1, &[reserved])]) };
        bench.store.append(later).await.unwrap();

        let stream = StreamId::Order(order);
        for (until, length) in [
            (Until::Now, 2),
            (Until::Version(1), 1),
            (Until::Version(0), 0),
            (Until::Time(at(-1)), 0),
            (Until::Time(at(4)), 1),
            (Until::Time(at(5)), 2),
        ] {
            let history = bench.store.history(stream, until).await.unwrap();
            assert_eq!(history.len(), length, "{until:?}");
        }
    }
}
