//! The relay: publishes what the outbox holds.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr};
use shop_contracts::RawEnvelope;
use shop_kernel::Clock;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Backoff, Broker, BrokerError, Wake, outbox};

/// Messages published at a time: their confirms arrive together, and marking them is one statement.
const BATCH: u64 = 256;
/// Longer than a publish may take, so that a lease never runs out under a relay that lives.
const LEASE: Duration = Duration::from_secs(10);
/// Finds what a dead instance left; everything else is woken for.
const POLL: Duration = Duration::from_millis(500);

/// Publishes the outbox of one store. Several may run on one store, and any may die.
pub struct Relay {
    service: &'static str,
    db: DatabaseConnection,
    broker: Arc<dyn Broker>,
    clock: Arc<dyn Clock>,
    wake: Wake,
    owner: Uuid,
    tell: fn(&RawEnvelope),
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").field("service", &self.service).finish_non_exhaustive()
    }
}

impl Relay {
    /// A relay for the store of `service`; whoever commits messages wakes it through `wake`.
    #[must_use]
    pub fn new(
        service: &'static str,
        db: DatabaseConnection,
        broker: Arc<dyn Broker>,
        clock: Arc<dyn Clock>,
        wake: Wake,
    ) -> Self {
        Self { service, db, broker, clock, wake, owner: Uuid::now_v7(), tell: |_| {} }
    }

    /// The same relay telling `tell` of each message once it is published and that is noted: a fact
    /// that nobody can take back. A process that dies in between tells nobody.
    #[must_use]
    pub fn telling(self, tell: fn(&RawEnvelope)) -> Self {
        Self { tell, ..self }
    }

    /// Publishes until told to stop, and then once more what is there.
    pub async fn run(self, stop: CancellationToken) {
        let backoff = Backoff::new(Duration::from_millis(50), Duration::from_secs(2));
        let mut failures = 0;
        loop {
            let stopping = stop.is_cancelled();
            match self.round().await {
                Ok(0) if stopping => return,
                Ok(0) => {
                    failures = 0;
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = self.wake.wait(POLL) => {}
                    }
                }
                Ok(_) => failures = 0,
                // Nothing is lost: it is in the outbox, for the next start or another instance.
                Err(_) if stopping => return,
                Err(error) => {
                    failures += 1;
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        service = self.service,
                        "cannot publish the outbox",
                    );
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(backoff.after(failures)) => {}
                    }
                }
            }
        }
    }

    /// Publishes one batch, and tells how many messages it was.
    async fn round(&self) -> Result<usize, RelayError> {
        let rows = outbox::lease(&self.db, self.owner, self.clock.now(), LEASE, BATCH).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let messages: Vec<RawEnvelope> = rows.into_iter().map(RawEnvelope::from).collect();
        let results = self.broker.publish(&messages).await;

        let mut published = Vec::with_capacity(messages.len());
        let mut unpublished = Vec::new();
        let mut failure = None;
        for (message, result) in messages.iter().zip(results) {
            match result {
                Ok(()) => published.push(message.id),
                Err(error) => {
                    unpublished.push(message.id);
                    failure.get_or_insert(error);
                }
            }
        }
        if !published.is_empty() {
            outbox::mark_published(&self.db, &published).await?;
            // Both are in the order of the batch.
            let mut ids = published.iter().peekable();
            for message in messages.iter().filter(|it| ids.next_if_eq(&&it.id).is_some()) {
                self.note(message);
            }
        }
        match failure {
            None => Ok(published.len()),
            Some(error) => {
                outbox::release(&self.db, self.owner, &unpublished).await?;
                Err(error.into())
            }
        }
    }
}

impl Relay {
    fn note(&self, message: &RawEnvelope) {
        metrics::counter!(
            "outbox_published_total", "service" => self.service, "kind" => message.kind.clone(),
        )
        .increment(1);
        (self.tell)(message);
    }
}

#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error("the store failed")]
    Store(#[from] DbErr),
    #[error("the broker failed")]
    Broker(#[from] BrokerError),
}
