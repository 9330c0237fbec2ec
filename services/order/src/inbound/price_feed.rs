//! The catalog's feed: how the price list is loaded first, and how it is checked ever after.

use std::sync::Arc;
use std::time::Duration;

use chassis::peer::{Peer, PeerError};
use chassis_messaging::Backoff;
use chassis_messaging::feed::{FeedPage, MAX_PAGE};
use sea_orm::DbErr;
use shop_contracts::Message as _;
use shop_contracts::catalog::ProductChanged;
use shop_kernel::Clock;
use tokio_util::sync::CancellationToken;

use crate::config::PricesConfig;
use crate::outbound::store::Store;

/// Until the list is loaded nobody can buy, so the first tries come fast.
const RETRY: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));

/// Reads the feed to its end, now and then.
#[derive(Debug)]
pub(crate) struct PriceFeed {
    store: Store,
    catalog: Peer,
    clock: Arc<dyn Clock>,
}

/// Why the feed was not read to its end.
#[derive(Debug, thiserror::Error)]
enum FeedError {
    #[error("the feed could not be read")]
    Peer(#[from] PeerError),
    #[error("the price list could not be saved")]
    Store(#[from] DbErr),
    #[error("a product of the feed cannot be read")]
    Malformed(#[from] shop_contracts::DecodeError),
}

impl PriceFeed {
    pub(crate) fn new(store: Store, catalog: Peer, clock: Arc<dyn Clock>) -> Self {
        Self { store, catalog, clock }
    }

    /// Loads the list and then checks it, for ever, until told to stop.
    pub(crate) async fn run(self, config: PricesConfig, stop: CancellationToken) {
        let mut failures = 0;
        loop {
            let wait = match self.catch_up().await {
                Ok(()) => {
                    failures = 0;
                    Duration::from_secs(config.check_s.max(1).into())
                }
                Err(error) => {
                    failures += 1;
                    let error: &(dyn std::error::Error + 'static) = &error;
                    tracing::warn!(error, "the price list stays as it is");
                    RETRY.after(failures)
                }
            };
            self.tell_age().await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    async fn catch_up(&self) -> Result<(), FeedError> {
        let mut after = self.store.price_list_progress().await?.feed_after;
        loop {
            let path = format!("/feed?after={after}&limit={MAX_PAGE}");
            let page: FeedPage = self.catalog.get_json(&path).await?;
            let products = products(&page)?;
            after = page.next_after;
            self.store.read_into_price_list(&products, after).await?;
            if page.is_end {
                return Ok(self.store.price_list_is_complete(self.clock.now()).await?);
            }
        }
    }

    /// Sets the figure that says how old the copy may be at most.
    async fn tell_age(&self) {
        let Ok(progress) = self.store.price_list_progress().await else { return };
        let Some(checked_at) = progress.checked_at else { return };
        let age = (self.clock.now() - checked_at).num_milliseconds();
        let age = Duration::from_millis(age.max(0).unsigned_abs());
        metrics::gauge!("price_list_age_seconds", "service" => "order").set(age.as_secs_f64());
    }
}

fn products(page: &FeedPage) -> Result<Vec<ProductChanged>, shop_contracts::DecodeError> {
    page.items
        .iter()
        .filter(|item| item.message.kind == ProductChanged::TYPE)
        .map(|item| item.message.decode().map(|envelope| envelope.data))
        .collect()
}
