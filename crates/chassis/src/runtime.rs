//! The tasks of a service, and how they end together.

mod signal;

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::telemetry::TASK_TARGET;

/// When a task is told to stop. Each phase waits for the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// What takes requests.
    Http,
    /// What works off messages and due work: it finishes what it has.
    Work,
    /// What sends out the results: it sends what the others left.
    Relay,
}

impl Phase {
    const IN_ORDER: [Self; 3] = [Self::Http, Self::Work, Self::Relay];

    /// Together these stay below the 30 s a supervisor allows before it kills.
    fn bound(self) -> Duration {
        match self {
            Self::Http => Duration::from_secs(6),
            Self::Work => Duration::from_secs(10),
            Self::Relay => Duration::from_secs(5),
        }
    }
}

/// What a task ends with: nothing, or the error that ended it.
pub trait TaskOutcome {
    /// As a result.
    ///
    /// # Errors
    /// When the task failed.
    fn into_result(self) -> anyhow::Result<()>;
}

impl TaskOutcome for () {
    fn into_result(self) -> anyhow::Result<()> {
        Ok(())
    }
}

impl TaskOutcome for anyhow::Result<()> {
    fn into_result(self) -> Self {
        self
    }
}

/// Stops a service from elsewhere.
#[derive(Debug, Clone)]
pub struct ShutdownHandle(CancellationToken);

impl ShutdownHandle {
    /// Asks it to stop; it ends when it has finished what it has.
    pub fn shut_down(&self) {
        self.0.cancel();
    }
}

/// Named tasks that run until one of them ends or the process is told to stop.
///
/// A task starts when it is spawned. Dropping the set ends all of them at once, as a kill would;
/// tests use that.
pub struct TaskSet {
    service: &'static str,
    tasks: JoinSet<anyhow::Result<()>>,
    names: HashMap<Id, (Phase, &'static str)>,
    stops: HashMap<Phase, CancellationToken>,
    shutdown: CancellationToken,
    closing: Vec<BoxFuture<'static, ()>>,
}

impl fmt::Debug for TaskSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskSet").field("names", &self.names).finish_non_exhaustive()
    }
}

impl TaskSet {
    /// A set for the tasks of `service`; its log lines are marked with that name.
    #[must_use]
    pub fn new(service: &'static str) -> Self {
        Self {
            service,
            tasks: JoinSet::new(),
            names: HashMap::new(),
            stops: HashMap::new(),
            shutdown: CancellationToken::new(),
            closing: Vec::new(),
        }
    }

    /// Starts a task. It is handed the token that tells it to stop, and should end soon after;
    /// ending before that ends the service.
    pub fn spawn<F>(
        &mut self,
        phase: Phase,
        name: &'static str,
        start: impl FnOnce(CancellationToken) -> F,
    ) where
        F: Future<Output: TaskOutcome> + Send + 'static,
    {
        let stop = self.stops.entry(phase).or_default().clone();
        let span =
            tracing::info_span!(target: TASK_TARGET, "task", service = self.service, task = name);
        let task = start(stop).map(TaskOutcome::into_result).instrument(span);
        let task = self.tasks.spawn(task);
        self.names.insert(task.id(), (phase, name));
    }

    /// Runs `close` when every task has ended, as for a pool of connections.
    pub fn at_the_end(&mut self, close: impl Future<Output = ()> + Send + 'static) {
        self.closing.push(Box::pin(close));
    }

    /// A handle that stops this set from elsewhere.
    #[must_use]
    pub fn shutdown_handle(&self) -> ShutdownHandle {
        ShutdownHandle(self.shutdown.clone())
    }

    /// Waits for SIGINT, SIGTERM, the handle or the end of a task, then stops everything.
    ///
    /// # Errors
    /// When a task ended by itself or failed; the message names it.
    pub async fn until_shutdown(mut self) -> anyhow::Result<()> {
        let outcome = tokio::select! {
            () = self.shutdown.clone().cancelled_owned() => Ok(()),
            signal = signal::received() => {
                tracing::info!(service = self.service, signal, "told to stop");
                Ok(())
            }
            Some(ended) = self.tasks.join_next_with_id() => Err(self.cause(ended)),
        };
        self.stop().await;
        outcome
    }

    /// Stops everything in order, each phase within its bound.
    pub async fn stop(mut self) {
        for phase in Phase::IN_ORDER {
            if let Some(stop) = self.stops.get(&phase) {
                stop.cancel();
            }
            let bound = phase.bound();
            if tokio::time::timeout(bound, self.ended(phase)).await.is_err() {
                let late: Vec<_> = self.running(phase).collect();
                tracing::warn!(service = self.service, ?late, ?bound, "did not stop in time");
            }
        }
        self.tasks.shutdown().await;
        for close in std::mem::take(&mut self.closing) {
            close.await;
        }
    }

    async fn ended(&mut self, phase: Phase) {
        while self.running(phase).next().is_some() {
            let Some(ended) = self.tasks.join_next_with_id().await else {
                return;
            };
            if matches!(ended, Ok((_, Ok(())))) {
                self.forget(&ended);
            } else {
                let error = self.cause(ended);
                let error: &(dyn std::error::Error + 'static) = error.as_ref();
                tracing::warn!(service = self.service, error, "a task failed while stopping");
            }
        }
    }

    fn running(&self, phase: Phase) -> impl Iterator<Item = &'static str> {
        self.names.values().filter(move |(of, _)| *of == phase).map(|(_, name)| *name)
    }

    fn forget(&mut self, ended: &Ended) -> &'static str {
        let id = match ended {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        self.names.remove(&id).map_or("unnamed", |(_, name)| name)
    }

    fn cause(&mut self, ended: Ended) -> anyhow::Error {
        let name = self.forget(&ended);
        match ended {
            Ok((_, Ok(()))) => anyhow::anyhow!("the task {name} ended by itself"),
            Ok((_, Err(error))) => error.context(format!("the task {name} failed")),
            Err(error) => anyhow::Error::from(error).context(format!("the task {name} died")),
        }
    }
}

type Ended = Result<(Id, anyhow::Result<()>), JoinError>;
