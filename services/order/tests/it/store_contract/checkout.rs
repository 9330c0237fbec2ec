use chassis_messaging::Received;
use order_core::domain::cart::Cart;
use order_core::domain::history::Aggregate as _;
use order_core::ports::{
    Change, CheckoutDesk as _, EventStore as _, PriceList as _, Prices, RequestKey, StoreError,
};
use shop_contracts::Envelope;
use shop_contracts::catalog::ProductChanged;
use shop_contracts::routing::ORDER_PRICES;
use shop_kernel::{CartId, OrderId};

use super::support::*;
use crate::fixtures::*;

fn hearing_of(product: &ProductChanged) -> Received {
    let envelope =
        Envelope::new("/catalog", product.product, product.version, at(0), product.clone());
    let envelope = envelope.into_raw().unwrap();
    Received::new(ORDER_PRICES, 1, at(0), envelope)
}

async fn hear(bench: &Bench, product: &ProductChanged) {
    bench.store.hear_of_product(product, &hearing_of(product), at(0)).await.unwrap();
}

#[tokio::test]
async fn a_checkout_sees_cart_prices_and_reply_at_once() {
    for bench in benches().await {
        let (cart, order) = (CartId::generate(), OrderId::generate());
        bench.store.append(opening(cart)).await.unwrap();
        let placing = Change { reply: Some((key("key-1"), replied(order))), ..placing(order) };
        bench.store.append(placing).await.unwrap();
        hear(&bench, &product(BLUE_MUG, "Blue mug", 1_250, 3)).await;
        bench.store.price_list_is_complete(at(0)).await.unwrap();

        let schema = Cart::SNAPSHOT_SCHEMA;
        let products = [BLUE_MUG, RED_BOWL];
        let desk = bench.store.look(&key("key-1"), cart, schema, &products).await.unwrap();
        let bare = bench.store.look(&key("key-2"), CartId::generate(), schema, &[]).await.unwrap();

        assert_eq!(desk.reply, Some(replied(order)));
        assert_eq!(desk.cart.rebuild::<Cart>().unwrap().version, 2);
        let mug = desk.prices.of(BLUE_MUG).unwrap();
        assert_eq!((mug.version, mug.prices[0]), (3, usd(1_250)));
        assert_eq!(desk.prices.of(RED_BOWL), None);
        assert_eq!((bare.reply, bare.cart.events.len()), (None, 0));
        assert_eq!(bare.prices, Prices::Listed(vec![]));
    }
}

#[tokio::test]
async fn prices_are_loading_until_the_list_is_complete() {
    for bench in benches().await {
        hear(&bench, &product(BLUE_MUG, "Blue mug", 1_250, 3)).await;
        let schema = Cart::SNAPSHOT_SCHEMA;

        let desk =
            bench.store.look(&key("k"), CartId::generate(), schema, &[BLUE_MUG]).await.unwrap();

        assert_eq!(desk.prices, Prices::Loading);
        assert_eq!(bench.store.prices(&[BLUE_MUG]).await.unwrap(), Prices::Loading);
        bench.store.price_list_is_complete(at(1)).await.unwrap();
        let prices = bench.store.prices(&[BLUE_MUG]).await.unwrap();
        assert_eq!(prices.of(BLUE_MUG).unwrap().version, 3);
    }
}

#[tokio::test]
async fn an_older_price_never_replaces_a_newer_one() {
    for bench in benches().await {
        bench.store.price_list_is_complete(at(0)).await.unwrap();
        hear(&bench, &product(BLUE_MUG, "Blue mug", 1_300, 4)).await;
        hear(&bench, &product(BLUE_MUG, "Blue mug", 1_250, 3)).await;
        bench.store.read_into_price_list(&[product(BLUE_MUG, "Blue mug", 1, 2)], 7).await.unwrap();

        let prices = bench.store.prices(&[BLUE_MUG]).await.unwrap();

        assert_eq!(prices.of(BLUE_MUG).unwrap().prices[0], usd(1_300));
        assert_eq!(bench.store.price_list_progress().await.unwrap().feed_after, 7);
    }
}

#[tokio::test]
async fn a_key_that_was_used_meanwhile_is_a_conflict() {
    for bench in benches().await {
        let (first, second) = (OrderId::generate(), OrderId::generate());
        let with_key =
            |order| Change { reply: Some((key("key-1"), replied(order))), ..placing(order) };
        bench.store.append(with_key(first)).await.unwrap();

        let refused = bench.store.append(with_key(second)).await;

        assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
        let reply = bench.store.reply(&key("key-1")).await.unwrap();
        assert_eq!(reply, Some(replied(first)));
        assert_eq!(bench.pending_messages().await, 1);
    }
}

#[tokio::test]
async fn keys_are_scoped_to_customer_and_operation() {
    for bench in benches().await {
        let order = OrderId::generate();
        let change = Change { reply: Some((key("key-1"), replied(order))), ..placing(order) };
        bench.store.append(change).await.unwrap();

        let harus = RequestKey { customer: HARU, ..key("key-1") };
        let reorder =
            RequestKey { operation: order_core::ports::Operation::Reorder, ..key("key-1") };

        assert_eq!(bench.store.reply(&harus).await.unwrap(), None);
        assert_eq!(bench.store.reply(&reorder).await.unwrap(), None);
    }
}

#[tokio::test]
async fn replies_are_forgotten_when_they_are_old() {
    for bench in benches().await {
        let order = OrderId::generate();
        let change = Change { reply: Some((key("key-1"), replied(order))), ..placing(order) };
        bench.store.append(change).await.unwrap();

        assert_eq!(bench.store.forget_replies(at(0)).await.unwrap(), 0);
        assert_eq!(bench.store.forget_replies(at(1)).await.unwrap(), 1);
        assert_eq!(bench.store.reply(&key("key-1")).await.unwrap(), None);
    }
}
