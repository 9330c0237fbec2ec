//! What waits, as metrics: counted now and then, and not when somebody asks.

use std::collections::HashSet;
use std::time::Duration;

use chassis_messaging::{due, outbox};
use chrono::{DateTime, Utc};
use sea_orm::{DatabaseConnection, DbErr};
use tokio_util::sync::CancellationToken;

use super::Operations;

/// About as often as metrics are collected.
const COUNT_EVERY: Duration = Duration::from_secs(10);

impl Operations {
    /// Keeps the figures of backlog, queues and due work until told to stop.
    ///
    /// # Errors
    /// Never; the signature is that of a task.
    pub async fn keep_figures(&self, stop: CancellationToken) -> anyhow::Result<()> {
        let mut kinds = HashSet::new();
        let mut turn = tokio::time::interval(COUNT_EVERY);
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                _ = turn.tick() => {}
            }
            self.tell_queues().await;
            // A store that is away is reported by the probes; the last figures stand meanwhile.
            if let Some(store) = &self.store
                && let Err(error) = self.tell_store(store, &mut kinds).await
            {
                tracing::debug!(%error, "what waits could not be counted");
            }
        }
    }

    async fn tell_queues(&self) {
        let is_connected = if self.broker.is_connected() { 1.0 } else { 0.0 };
        metrics::gauge!("broker_connected", "service" => self.service).set(is_connected);
        for queue in &self.queues {
            let Ok(depth) = self.broker.depth(*queue).await else { continue };
            let labels = [("service", self.service), ("queue", queue.name)];
            metrics::gauge!("queue_ready", &labels).set(number(depth.ready));
            metrics::gauge!("queue_dead", &labels).set(number(depth.dead));
        }
    }

    async fn tell_store(
        &self,
        store: &DatabaseConnection,
        kinds: &mut HashSet<String>,
    ) -> Result<(), DbErr> {
        let now = self.clock.now();
        let waiting = outbox::backlog(store).await?;
        metrics::gauge!("outbox_pending", "service" => self.service).set(number(waiting.pending));
        metrics::gauge!("outbox_oldest_age_seconds", "service" => self.service)
            .set(age(waiting.oldest, now));

        let depths = due::depths(store).await?;
        kinds.extend(depths.iter().map(|depth| depth.kind.clone()));
        for kind in kinds.iter() {
            let depth = depths.iter().find(|depth| depth.kind == *kind);
            let (open, parked) = depth.map_or((0, 0), |depth| (depth.open, depth.parked));
            let labels = [("service", self.service.to_owned()), ("kind", kind.clone())];
            metrics::gauge!("due_work_open", &labels).set(number(open));
            metrics::gauge!("due_work_parked", &labels).set(number(parked));
            metrics::gauge!("due_work_oldest_age_seconds", &labels)
                .set(age(depth.map(|depth| depth.oldest), now));
        }
        Ok(())
    }
}

fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn age(since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Duration {
    since.and_then(|since| (now - since).to_std().ok()).unwrap_or_default()
}
