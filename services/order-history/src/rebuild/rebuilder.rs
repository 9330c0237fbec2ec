//! One rebuild at a time: begun by an operator, run by a task, remembered in the store.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use shop_kernel::Clock;
use tokio::sync::{Mutex, mpsc};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::RebuildRuns;
use super::feeds::Feeds;
use super::run::{Failure, Run};
use crate::SERVICE;
use crate::config::RebuildConfig;
use crate::project::Projector;
use crate::store::{Generations, HistoryStore, StoreError};

/// Rebuilds documents from the feeds while the old ones serve.
#[derive(Debug)]
pub struct Rebuilder {
    pub(super) store: Arc<dyn HistoryStore>,
    pub(super) projector: Arc<Projector>,
    pub(super) feeds: Feeds,
    pub(super) config: RebuildConfig,
    pub(super) clock: Arc<dyn Clock>,
    begun: (mpsc::Sender<Uuid>, Mutex<mpsc::Receiver<Uuid>>),
}

/// Why no rebuild began.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// One runs.
    #[error(transparent)]
    Runs(#[from] RebuildRuns),
    /// The store does not take it.
    #[error("the rebuild could not be noted")]
    Store(#[from] StoreError),
}

impl Rebuilder {
    /// A rebuilder that reads `feeds`; nothing happens before [`Self::run`].
    #[must_use]
    pub fn new(
        store: Arc<dyn HistoryStore>,
        projector: Arc<Projector>,
        feeds: Feeds,
        clock: Arc<dyn Clock>,
        config: RebuildConfig,
    ) -> Arc<Self> {
        // The store allows one rebuild at a time, so there is never more than one to tell of.
        let (begun, to_run) = mpsc::channel(1);
        let begun = (begun, Mutex::new(to_run));
        Arc::new(Self { store, projector, feeds, clock, config, begun })
    }

    /// Begins a rebuild: from now on live facts go to its generation too.
    ///
    /// # Errors
    /// When one runs already.
    pub async fn begin(&self) -> Result<Generations, BeginError> {
        let id = Uuid::now_v7();
        loop {
            let read = self.store.generations().await?;
            let begun = read.begin(id, self.clock.now(), lease(self.config))?;
            if let Some(filling) = begun.filling {
                self.store.prepare(filling).await?;
            }
            match self.store.change_generations(&begun).await {
                Ok(()) => {
                    // Full only when an earlier one was begun and given up before it ran.
                    let _ = self.begun.0.try_send(id);
                    return Ok(begun);
                }
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// How the generations stand, and how far the last rebuild is.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn standing(&self) -> Result<Generations, StoreError> {
        self.store.generations().await
    }

    /// Runs what is begun, and clears away what died, until told to stop.
    ///
    /// # Errors
    /// Never; the signature is that of a task.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) -> anyhow::Result<()> {
        let mut to_run = self.begun.1.lock().await;
        let mut look = tokio::time::interval(self.config.lease);
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                Some(id) = to_run.recv() => self.rebuild(id, &stop).await,
                _ = look.tick() => {
                    if let Err(error) = self.clear_away().await {
                        tracing::debug!(%error, "could not look for what dead rebuilds left");
                    }
                }
            }
        }
    }

    async fn rebuild(&self, id: Uuid, stop: &CancellationToken) {
        running(true);
        let outcome = tokio::select! {
            () = stop.cancelled() => Err(Failure::Stopped),
            outcome = self.run_one(id) => outcome,
        };
        running(false);
        match outcome {
            Ok(()) => {
                tracing::info!(rebuild.id = %id, "a rebuilt generation serves");
                // Readers that looked up the old one before the switch finish first.
                sleep(self.config.keep_old).await;
            }
            Err(failure) => {
                let text = chain(&failure);
                tracing::error!(error = text, rebuild.id = %id, "a rebuild failed");
                let given_up = self.step(|read, now| read.give_up(id, now, &text)).await;
                if let Err(error) = given_up {
                    // Its lease runs out by itself.
                    tracing::warn!(%error, rebuild.id = %id, "could not note the failure");
                }
            }
        }
        if let Err(error) = self.clear_away().await {
            tracing::warn!(%error, "an old generation is left until the next look");
        }
    }

    async fn run_one(&self, id: Uuid) -> Result<(), Failure> {
        let begun = self.store.generations().await?;
        let running = begun.running().filter(|running| running.id == id);
        let generation = running.ok_or(Failure::Replaced)?.generation;
        Run::new(self, id, generation).fill_and_switch().await
    }

    /// Takes a step of ours in the store, however often others take theirs in between.
    pub(super) async fn step(
        &self,
        step: impl Fn(&Generations, DateTime<Utc>) -> Option<Generations>,
    ) -> Result<(), Failure> {
        loop {
            let read = self.store.generations().await?;
            let changed = step(&read, self.clock.now()).ok_or(Failure::Replaced)?;
            match self.store.change_generations(&changed).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Gives up a rebuild whose process died, and drops what serves nobody any more.
    async fn clear_away(&self) -> Result<(), StoreError> {
        let read = self.store.generations().await?;
        let now = self.clock.now();
        if let Some(running) = read.running()
            && now - running.renewed_at >= lease(self.config)
            && let Some(given_up) = read.give_up(running.id, now, "its process died")
        {
            tracing::warn!(rebuild.id = %running.id, "gave up a rebuild whose process died");
            self.store.change_generations(&given_up).await?;
        }
        let live = self.store.generations().await?;
        let switched_at = live.rebuild.as_ref().and_then(|rebuild| rebuild.finished_at);
        if switched_at
            .is_some_and(|at| (now - at).to_std().unwrap_or_default() < self.config.keep_old)
        {
            return Ok(());
        }
        for stored in self.store.stored_generations().await? {
            // A newer one than we know is about to be filled by another process.
            if stored <= live.newest && live.live().all(|lives| lives != stored) {
                tracing::info!(generation = stored.number(), "dropped an old generation");
                self.store.discard(stored).await?;
            }
        }
        Ok(())
    }
}

fn lease(config: RebuildConfig) -> TimeDelta {
    TimeDelta::from_std(config.lease).unwrap_or(TimeDelta::MAX)
}

fn running(is_running: bool) {
    let value = if is_running { 1 } else { 0 };
    metrics::gauge!("order_history_rebuild_running", "service" => SERVICE.name).set(value);
}

/// The error and what led to it, for the operator who reads the progress.
fn chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
