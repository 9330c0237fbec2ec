//! How many orders wait for a decision, counted now and then for the metrics.

use std::sync::Arc;
use std::time::Duration;

use shop_kernel::Clock;
use tokio_util::sync::CancellationToken;

use crate::outbound::store::{Store, figures};

/// About as often as metrics are collected.
const COUNT_EVERY: Duration = Duration::from_secs(10);

/// Keeps the figures of provisional orders.
#[derive(Debug)]
pub(crate) struct Standing {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl Standing {
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        figures::begin();
        Self { store, clock }
    }

    /// Counts until told to stop.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut turn = tokio::time::interval(COUNT_EVERY);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = turn.tick() => {}
            }
            // A store that is away is reported by the probes; the last figures stand meanwhile.
            if let Ok((count, oldest)) = self.store.undecided().await {
                figures::undecided(count, oldest, self.clock.now());
            }
        }
    }
}
