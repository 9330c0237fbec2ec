//! The worker: leases due work, does it, and keeps trying.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::{self, StreamExt as _};
use sea_orm::{DatabaseConnection, DbErr};
use shop_kernel::Clock;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::due::{self, Model};
use crate::{Backoff, Wake};

/// How long leased work belongs to a worker that says nothing more: what a kill delays it by.
const LEASE: Duration = Duration::from_secs(6);
/// Three renewals may fail before the lease is lost.
const RENEW_EVERY: Duration = Duration::from_secs(2);
/// Finds what a dead instance left, and work whose time has come.
const POLL: Duration = Duration::from_millis(250);

/// What one kind of due work consists of.
#[async_trait]
pub trait Work: Send + Sync {
    /// The kind of due work this does.
    fn kind(&self) -> &'static str;

    /// Does one piece of work, and stores its result together with [`due::finish`].
    ///
    /// May be called again for the same work at any time, even while an earlier call still runs:
    /// calls to the outside carry a key derived from the work.
    async fn perform(&self, work: &Model) -> Result<Progress, WorkError>;

    /// Does several pieces, each within its [span](Model::span), and tells of each in its place.
    async fn perform_all(&self, works: &[Model]) -> Vec<Result<Progress, WorkError>> {
        let all = works.iter().map(|work| self.perform(work).instrument(work.span()));
        futures::future::join_all(all).await
    }
}

/// How far a piece of work has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It is finished or parked, and that is stored; or it is no longer ours.
    Settled,
    /// It must be tried again after a delay of the worker's choice, for the reason given.
    TryAgain(String),
    /// It cannot be done yet, through no fault of anyone: look again after the delay. No attempt
    /// is counted.
    NotYet(Duration, String),
}

/// Why work could not even be tried or its result not be stored; it will be tried again.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The own store refused or did not answer.
    #[error("the store failed")]
    Store(#[from] DbErr),
    /// Something else that is worth a look.
    #[error("{0}")]
    Other(String, #[source] Option<Box<dyn std::error::Error + Send + Sync>>),
}

/// Runs due work of one kind.
pub struct Worker {
    service: &'static str,
    db: DatabaseConnection,
    work: Arc<dyn Work>,
    clock: Arc<dyn Clock>,
    wake: Wake,
    backoff: Backoff,
    concurrency: usize,
    batch: u64,
    owner: Uuid,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("kind", &self.work.kind()).finish_non_exhaustive()
    }
}

impl Worker {
    /// A worker of `service` that does `concurrency` pieces at once and tries again as `backoff` says.
    #[must_use]
    pub fn new(
        service: &'static str,
        db: DatabaseConnection,
        work: Arc<dyn Work>,
        clock: Arc<dyn Clock>,
        wake: Wake,
        backoff: Backoff,
        concurrency: usize,
    ) -> Self {
        let owner = Uuid::now_v7();
        Self { service, db, work, clock, wake, backoff, concurrency, batch: 1, owner }
    }

    /// The same worker handing what is due to [`Work::perform_all`], up to `most` pieces: for work
    /// that takes about the same time whatever it is, because the slowest keeps the others.
    #[must_use]
    pub fn in_batches(self, most: u32) -> Self {
        Self { concurrency: 1, batch: most.max(1).into(), ..self }
    }

    /// Works until told to stop; what is begun then is finished first.
    pub async fn run(self, stop: CancellationToken) {
        self.begin_figures();
        // Leasing is polled together with the work: work that waits for a connection of a pool
        // and a lease that waits behind it would otherwise wait for each other.
        stream::unfold((), |()| async { self.next(&stop).await.map(|works| (works, ())) })
            .for_each_concurrent(self.concurrency, |works| self.perform(works))
            .await;
    }

    /// The next due work, leased; none when told to stop.
    async fn next(&self, stop: &CancellationToken) -> Option<Vec<Model>> {
        let away = Backoff::new(POLL, Duration::from_secs(2));
        let mut failures = 0;
        while !stop.is_cancelled() {
            let (kind, now) = (self.work.kind(), self.clock.now());
            match due::lease(&self.db, kind, self.owner, now, LEASE, self.batch).await {
                Ok(works) if works.is_empty() => failures = 0,
                Ok(works) => return Some(works),
                Err(error) => {
                    failures += 1;
                    tracing::warn!(%error, work.kind = kind, "cannot lease due work");
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.wait(away.after(failures)) => {}
            }
        }
        None
    }

    async fn perform(&self, works: Vec<Model>) {
        let all = tokio::select! {
            all = self.work.perform_all(&works) => all,
            () = self.keep(&works) => {
                // Whoever has it now repeats the call with the same key.
                tracing::warn!("lost the lease on due work");
                return;
            }
        };
        for (work, progress) in works.iter().zip(all) {
            self.settle(work, progress).await;
        }
    }

    async fn settle(&self, work: &Model, progress: Result<Progress, WorkError>) {
        let outcome = match &progress {
            Ok(Progress::Settled) => "settled",
            Ok(Progress::TryAgain(_)) => "again",
            Ok(Progress::NotYet(..)) => "not_yet",
            Err(_) => "failed",
        };
        self.count(outcome, 1);
        match progress {
            Ok(Progress::Settled) => {}
            Ok(Progress::TryAgain(reason)) => self.postpone(work, None, &reason).await,
            Ok(Progress::NotYet(delay, reason)) => self.postpone(work, Some(delay), &reason).await,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    work.kind = work.kind,
                    work.subject = work.subject,
                    "due work failed"
                );
                self.postpone(work, None, &error.to_string()).await;
            }
        }
    }

    /// Begins every figure at zero, so that the first of a kind is seen as a rise.
    fn begin_figures(&self) {
        for outcome in ["settled", "again", "not_yet", "failed"] {
            self.count(outcome, 0);
        }
        let labels = [("service", self.service), ("kind", self.work.kind())];
        metrics::gauge!("due_work_open", &labels).set(0);
        metrics::gauge!("due_work_parked", &labels).set(0);
        metrics::gauge!("due_work_oldest_age_seconds", &labels).set(0);
    }

    fn count(&self, outcome: &'static str, by: u64) {
        metrics::counter!(
            "due_work_total",
            "service" => self.service, "kind" => self.work.kind(), "outcome" => outcome,
        )
        .increment(by);
    }

    /// Renews the leases for as long as one of them is ours.
    async fn keep(&self, works: &[Model]) {
        let works: Vec<_> = works.iter().collect();
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            // A store that does not answer now may well answer before the lease runs out.
            if let Ok(false) = due::renew(&self.db, &works, self.clock.now(), LEASE).await {
                return;
            }
        }
    }

    async fn postpone(&self, work: &Model, delay: Option<Duration>, reason: &str) {
        let counted = delay.is_none();
        let tries = u32::try_from(work.attempts).unwrap_or(u32::MAX);
        let delay = delay.unwrap_or_else(|| self.backoff.after(tries));
        let now = self.clock.now();
        if let Err(error) = due::postpone(&self.db, work, now, delay, reason, counted).await {
            // The lease runs out by itself and the work is tried again.
            tracing::warn!(%error, "cannot postpone due work");
        }
    }
}
