//! Forgetting what nobody will ask for any more.

use std::sync::Arc;
use std::time::Duration;

use chassis_messaging::outbox;
use chrono::TimeDelta;
use sea_orm::{DatabaseConnection, DbErr};
use shop_kernel::Clock;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::outbound::store::Store;

/// Deletes old answers and, where it is set so, old messages.
#[derive(Debug)]
pub(crate) struct Housekeeping {
    every: Duration,
    keep_replies: TimeDelta,
    keep_messages: Option<TimeDelta>,
    store: Arc<Store>,
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
}

impl Housekeeping {
    pub(crate) fn new(
        config: &Config,
        store: Arc<Store>,
        db: DatabaseConnection,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let every = Duration::from_secs(config.housekeeping.every_s.max(1).into());
        let (keep_replies, keep_messages) = (config.keep_replies(), config.keep_messages());
        Self { every, keep_replies, keep_messages, store, db, clock }
    }

    /// Tidies up until told to stop.
    pub(crate) async fn run(self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.round().await {
                let error: &(dyn std::error::Error + 'static) = &error;
                tracing::warn!(error, "old rows stay for now");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.every) => {}
            }
        }
    }

    async fn round(&self) -> Result<(), DbErr> {
        let now = self.clock.now();
        let replies = self.store.forget_replies(now - self.keep_replies).await?;
        let messages = match self.keep_messages {
            Some(keep) => outbox::prune(&self.db, now - keep).await?,
            None => 0,
        };
        tracing::debug!(replies, messages, "forgotten");
        Ok(())
    }
}
