//! What the handler of `catalog.orders` does with each message, on every store.

use catalog::rows::reservation::State;
use chassis_messaging::Outcome;
use shop_contracts::catalog::{StockRejected, StockReleased, StockReserved};
use shop_kernel::ProductId;

use crate::support::{AdasOrder, Stage, ada, product};

#[tokio::test]
async fn an_order_holds_all_of_its_lines() {
    for stage in Stage::all().await {
        let (mug, pen) = (product("blue-mug"), product("brass-fountain-pen"));
        stage.stock_up(mug, 5).await;
        let order = AdasOrder::of(&[(pen, 3), (mug, 2)]);
        let placed = order.placed();

        let outcome = stage.handle(placed.clone()).await.unwrap();

        assert_eq!(outcome, Outcome::Done);
        assert_eq!((stage.stock(mug).await.available, stage.stock(mug).await.held), (3, 2));
        assert_eq!((stage.stock(pen).await.available, stage.stock(pen).await.held), (0, 3));
        let said = stage.said(order.id).await;
        let reserved = said[0].decode::<StockReserved>().unwrap();
        assert_eq!((said.len(), reserved.version), (1, 1));
        assert_eq!(reserved.correlation_id, Some(order.id));
        assert_eq!(reserved.causation_id, Some(placed.id));
        assert_eq!(reserved.data.customer, ada());
        assert_eq!(reserved.data.lines.len(), 2);
    }
}

#[tokio::test]
async fn one_short_line_leaves_everything_where_it_is() {
    for stage in Stage::all().await {
        let (mug, pen, gone) =
            (product("blue-mug"), product("brass-fountain-pen"), product("music-box"));
        stage.stock_up(mug, 5).await;
        let order = AdasOrder::of(&[(mug, 2), (pen, 4), (gone, 1)]);

        stage.handle(order.placed()).await.unwrap();

        assert_eq!((stage.stock(mug).await.available, stage.stock(mug).await.held), (5, 0));
        assert_eq!((stage.stock(pen).await.available, stage.stock(pen).await.held), (3, 0));
        assert_eq!(stage.state(order.id).await, Some(State::Rejected));
        let said = stage.said(order.id).await;
        let rejected = said[0].decode::<StockRejected>().unwrap();
        let mut short: Vec<_> = rejected
            .data
            .short
            .iter()
            .map(|line| (line.product, line.requested.get(), line.available))
            .collect();
        short.sort_unstable();
        let mut expected = [(pen, 4, 3), (gone, 1, 0)];
        expected.sort_unstable();
        assert_eq!(short, expected);
        assert_eq!((said.len(), rejected.version), (1, 1));
    }
}

#[tokio::test]
async fn a_product_nobody_has_is_short() {
    for stage in Stage::all().await {
        let unknown = ProductId::generate();
        let order = AdasOrder::of(&[(product("blue-mug"), 1), (unknown, 2)]);

        stage.handle(order.placed()).await.unwrap();

        let said = stage.said(order.id).await;
        let short = said[0].decode::<StockRejected>().unwrap().data.short;
        assert_eq!(short.len(), 1);
        assert_eq!((short[0].product, short[0].available), (unknown, 0));
    }
}

#[tokio::test]
async fn a_cancelled_order_gives_back_what_it_held() {
    for stage in Stage::all().await {
        let mug = product("blue-mug");
        stage.stock_up(mug, 5).await;
        let order = AdasOrder::of(&[(mug, 2), (product("olive-soap"), 9)]);
        stage.handle(order.placed()).await.unwrap();
        let cancelled = order.cancelled();

        stage.handle(cancelled.clone()).await.unwrap();

        assert_eq!((stage.stock(mug).await.available, stage.stock(mug).await.held), (5, 0));
        assert_eq!(stage.state(order.id).await, Some(State::Released));
        let said = stage.said(order.id).await;
        let released = said[1].decode::<StockReleased>().unwrap();
        assert_eq!((said.len(), released.version), (2, 2));
        assert_eq!(released.causation_id, Some(cancelled.id));
        assert_eq!(released.data.lines.len(), 2);
    }
}

#[tokio::test]
async fn a_cancellation_that_comes_first_prevents_the_reservation() {
    for stage in Stage::all().await {
        let mug = product("blue-mug");
        let before = stage.stock(mug).await;
        let order = AdasOrder::of(&[(mug, 2)]);

        stage.handle(order.cancelled()).await.unwrap();
        stage.handle(order.placed()).await.unwrap();

        assert_eq!(stage.stock(mug).await, before);
        assert_eq!(stage.state(order.id).await, Some(State::Tombstone));
        assert_eq!(stage.kinds(order.id).await, Vec::<String>::new());
        assert_eq!(stage.taken_in(order.id).await, 2);
    }
}

#[tokio::test]
async fn cancelling_a_rejected_order_undoes_nothing_and_says_nothing() {
    for stage in Stage::all().await {
        let gone = product("music-box");
        let order = AdasOrder::of(&[(gone, 1)]);
        stage.handle(order.placed()).await.unwrap();

        stage.handle(order.cancelled()).await.unwrap();

        assert_eq!(stage.stock(gone).await.available, 0);
        assert_eq!(stage.state(order.id).await, Some(State::Rejected));
        assert_eq!(stage.kinds(order.id).await, ["stock.rejected.v1"]);
    }
}

#[tokio::test]
async fn a_message_that_comes_again_changes_nothing() {
    for stage in Stage::all().await {
        let mug = product("blue-mug");
        stage.stock_up(mug, 5).await;
        let order = AdasOrder::of(&[(mug, 2)]);
        let (placed, cancelled) = (order.placed(), order.cancelled());

        for message in [&placed, &placed, &cancelled, &cancelled, &placed, &cancelled] {
            let outcome = stage.handle(message.clone()).await.unwrap();
            assert_eq!(outcome, Outcome::Done);
        }

        assert_eq!((stage.stock(mug).await.available, stage.stock(mug).await.held), (5, 0));
        assert_eq!(stage.kinds(order.id).await, ["stock.reserved.v1", "stock.released.v1"]);
        assert_eq!(stage.taken_in(order.id).await, 2);
    }
}

#[tokio::test]
async fn the_same_facts_in_new_messages_change_nothing() {
    for stage in Stage::all().await {
        let mug = product("blue-mug");
        stage.stock_up(mug, 5).await;
        let order = AdasOrder::of(&[(mug, 2)]);

        for message in [order.placed(), order.placed(), order.cancelled(), order.cancelled()] {
            stage.handle(message).await.unwrap();
        }

        assert_eq!(stage.stock(mug).await.available, 5);
        assert_eq!(stage.kinds(order.id).await, ["stock.reserved.v1", "stock.released.v1"]);
    }
}

#[tokio::test]
async fn an_order_that_makes_no_sense_is_rejected_for_good() {
    let stage = Stage::all().await.remove(0);
    let mug = product("blue-mug");
    let mut lineless = AdasOrder::of(&[(mug, 1)]).placed();
    lineless.data["lines"] = serde_json::json!([]);
    let mut strange = AdasOrder::of(&[(mug, 1)]).placed();
    strange.kind = "order.painted.v1".to_owned();
    let twice = AdasOrder::of(&[(mug, 1), (mug, 2)]).placed();

    for message in [lineless, strange, twice] {
        let outcome = stage.handle(message.clone()).await.unwrap();
        assert!(matches!(outcome, Outcome::Reject(_)), "{message:?} was {outcome:?}");
    }
}
