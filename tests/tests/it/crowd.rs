//! Shoppers and what they buy, for one step.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use shop_tests::load::Load;
use shop_tests::shelf::Shelf;
use shop_tests::shopper::Shopper;
use testkit::eventually;

use crate::stage::Stage;

const SHOPPERS: usize = 6;
/// Enough that sagas are always under way, little enough for debug builds on two shared cores.
pub(crate) const PER_SECOND: u32 = 12;

/// New shoppers, so that a step is judged by its own orders alone.
pub(crate) struct Crowd {
    pub(crate) shoppers: Vec<Shopper>,
    pub(crate) shelf: Shelf,
}

impl Crowd {
    pub(crate) async fn gather(stage: &mut Stage) -> Self {
        Self::of(stage, SHOPPERS).await
    }

    pub(crate) async fn of(stage: &mut Stage, size: usize) -> Self {
        static NAMED: AtomicUsize = AtomicUsize::new(0);
        let shelf = Shelf::stock_up(&stage.client, &stage.operator).await.unwrap();
        let mut shoppers = Vec::with_capacity(size);
        for _ in 0..size {
            let name = format!("shopper{}", NAMED.fetch_add(1, Ordering::Relaxed));
            let shopper = Shopper::register(&stage.client, &name, &stage.operator).await.unwrap();
            stage.secrets.extend(shopper.secrets().map(str::to_owned));
            shoppers.push(shopper);
        }
        Self { shoppers, shelf }
    }

    /// Has them order until they are told to stop.
    pub(crate) fn order(&self, per_second: u32) -> Load {
        Load::start(&self.shoppers, &self.shelf, per_second)
    }
}

/// Waits until so many more orders were accepted.
#[track_caller]
pub(crate) fn progress(load: &Load, more: usize, bound: Duration) -> impl Future<Output = ()> {
    let goal = load.accepted() + more;
    eventually(bound, move || std::future::ready(load.accepted() >= goal))
}
