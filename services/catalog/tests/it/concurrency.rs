//! Many orders at once: never oversold, and everything adds up.

use std::sync::Arc;

use catalog::catalog::AuditItem;
use catalog::rows::reservation::State;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shop_contracts::RawEnvelope;
use shop_kernel::ProductId;
use testkit::TestDb;
use tokio::task::JoinSet;

use crate::support::{AdasOrder, Stage, product, received};

/// Handles messages in so many lanes at once, each lane in order.
async fn handle_at_once(stage: &Stage, lanes: Vec<Vec<RawEnvelope>>) {
    let mut running = JoinSet::new();
    for lane in lanes {
        let orders = Arc::clone(&stage.orders);
        running.spawn(async move {
            for message in lane {
                Stage::handle_for_sure(&orders, &received(message)).await;
            }
        });
    }
    while let Some(lane) = running.join_next().await {
        lane.unwrap();
    }
}

async fn five_hundred_orders_take_fifty_mugs(store: TestDb) {
    let stage = Stage::on(store).await;
    let mug = product("blue-mug");
    stage.stock_up(mug, 50).await;
    let orders: Vec<_> = (0..500).map(|_| AdasOrder::of(&[(mug, 1)])).collect();

    let lanes = orders.iter().map(|order| vec![order.placed()]).collect();
    handle_at_once(&stage, lanes).await;

    let count = stage.stock(mug).await;
    assert_eq!((count.available, count.held), (0, 50));
    let mut reserved = 0;
    for item in stage.audited().await {
        if let AuditItem::Order { state, .. } = item {
            reserved += usize::from(state == State::Reserved);
        }
    }
    assert_eq!(reserved, 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_units_satisfy_exactly_fifty_of_five_hundred_orders_on_sqlite() {
    five_hundred_orders_take_fifty_mugs(TestDb::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_units_satisfy_exactly_fifty_of_five_hundred_orders_on_postgres() {
    if let Some(store) = TestDb::postgres().await {
        five_hundred_orders_take_fifty_mugs(store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_that_share_products_in_any_order_all_come_through() {
    for stage in Stage::all().await {
        let products = ["blue-mug", "chef-knife", "desk-lamp", "wool-rug"].map(product);
        for id in products {
            stage.stock_up(id, 1000).await;
        }

        let lanes = (0..64).map(|turn: usize| {
            let mut lines = products.map(|id| (id, 1));
            lines.rotate_left(turn % 4);
            let order = AdasOrder::of(&lines);
            vec![order.placed(), order.cancelled()]
        });
        handle_at_once(&stage, lanes.collect()).await;

        for id in products {
            let count = stage.stock(id).await;
            assert_eq!((count.available, count.held), (1000, 0));
        }
    }
}

/// What may happen to one order: which lines it asks for, and in which order it is heard of.
#[derive(Debug, Clone)]
struct Story {
    lines: Vec<(usize, u32)>,
    messages: Vec<Said>,
}

#[derive(Debug, Clone, Copy)]
enum Said {
    Placed,
    Cancelled,
}

fn stories() -> impl Strategy<Value = Vec<Story>> {
    let lines = proptest::sample::subsequence(vec![0_usize, 1, 2, 3], 1..=4)
        .prop_flat_map(|products| {
            let count = products.len();
            (Just(products), vec(1_u32..=4, count))
        })
        .prop_map(|(products, counts)| products.into_iter().zip(counts).collect());
    let said = prop_oneof![2 => Just(Said::Placed), 1 => Just(Said::Cancelled)];
    let story = (lines, vec(said, 1..=4)).prop_map(|(lines, messages)| Story { lines, messages });
    vec(story, 1..=12)
}

async fn play(stage: &Stage, products: &[ProductId], stories: &[Story]) {
    for id in products {
        stage.stock_up(*id, 6).await;
    }
    let lanes = stories.iter().map(|story| {
        let lines: Vec<_> = story.lines.iter().map(|(at, n)| (products[*at], *n)).collect();
        let order = AdasOrder::of(&lines);
        let (placed, cancelled) = (order.placed(), order.cancelled());
        let said = story.messages.iter().map(|said| match said {
            Said::Placed => placed.clone(),
            Said::Cancelled => cancelled.clone(),
        });
        said.collect()
    });
    handle_at_once(stage, lanes.collect()).await;
}

/// Invariants 2 to 4 of the shop, as far as they are this service's.
async fn check(stage: &Stage) {
    let audited = stage.audited().await;
    let mut promised: std::collections::BTreeMap<ProductId, i64> = Default::default();
    for item in &audited {
        let AuditItem::Order { order, state, lines, .. } = item else { continue };
        let said = stage.kinds(*order).await;
        let expected: &[&str] = match state {
            State::Reserved => &["stock.reserved.v1"],
            State::Rejected => &["stock.rejected.v1"],
            State::Released => &["stock.reserved.v1", "stock.released.v1"],
            State::Tombstone => &[],
        };
        assert_eq!(said, expected, "{order}");
        if *state == State::Reserved {
            for line in lines {
                *promised.entry(line.product).or_default() += i64::from(line.quantity.get());
            }
        }
    }
    for item in &audited {
        let AuditItem::Product { product, adjusted, available, held } = item else { continue };
        assert_eq!(*adjusted, available + held, "{product}");
        assert_eq!(*held, promised.get(product).copied().unwrap_or_default(), "{product}");
    }
}

fn whatever_happens_at_once_adds_up(store: TestDb, runtime: &tokio::runtime::Runtime) {
    let products = ["blue-mug", "chef-knife", "desk-lamp", "wool-rug"].map(product);
    let stage = runtime.block_on(Stage::on(store));
    let config = Config { cases: 16, failure_persistence: None, ..Config::default() };

    let played = TestRunner::new(config).run(&stories(), |stories| {
        runtime.block_on(async {
            play(&stage, &products, &stories).await;
            check(&stage).await;
        });
        Ok(())
    });

    played.unwrap();
    // Its pool must be closed where it was opened.
    runtime.block_on(async { drop(stage) });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn whatever_happens_at_once_adds_up_on_sqlite() {
    whatever_happens_at_once_adds_up(TestDb::sqlite(), &runtime());
}

#[test]
fn whatever_happens_at_once_adds_up_on_postgres() {
    let runtime = runtime();
    if let Some(store) = runtime.block_on(TestDb::postgres()) {
        whatever_happens_at_once_adds_up(store, &runtime);
    }
}
