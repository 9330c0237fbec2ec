//! The idempotent consumer: what messages do to a store, in one transaction with the inbox.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use shop_kernel::Clock;
use tracing::Instrument as _;

use crate::{HandleError, Handler, Outcome, Received, inbox};

/// A transaction that has lost this often meets a hotter row than there ever was.
const TRIES: u32 = 10;
/// About as long as one of these transactions takes.
const PAUSE: Duration = Duration::from_millis(5);

/// What one message does to the store.
#[async_trait]
pub trait Effect: Send + Sync {
    /// Does it, as part of a transaction that holds the inbox row already and is committed if this
    /// answers [`Outcome::Done`]; of any other answer nothing stays. Called once per message that
    /// is committed, and again after a transaction that was not.
    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        message: &Received,
    ) -> Result<Outcome, HandleError>;

    /// It is committed: the place to wake those who wait for what it wrote.
    async fn committed(&self) {}
}

/// Handles messages by an effect that takes place once, however often they come.
///
/// Messages that wait together share a transaction; when one of them fails, each gets its own.
#[derive(Debug, Clone)]
pub struct Idempotent<E> {
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
    effect: E,
}

impl<E: Effect> Idempotent<E> {
    /// Takes messages into `db`, by `effect`.
    #[must_use]
    pub const fn new(db: DatabaseConnection, clock: Arc<dyn Clock>, effect: E) -> Self {
        Self { db, clock, effect }
    }

    async fn once(&self, messages: &[Received]) -> Result<Vec<Outcome>, HandleError> {
        let tx = chassis_db::begin(&self.db).await?;
        let mut new = inbox::first_times(&tx, messages, self.clock.now()).await?;
        for message in messages {
            // Taken out, so that a message that is in there twice is not new the second time.
            if !new.remove(&message.envelope.id) {
                continue;
            }
            let effect = self.effect.apply(&tx, message).instrument(message.span());
            match (effect.await?, messages) {
                (Outcome::Done, _) => {}
                (outcome, [_]) => return Ok(vec![outcome]),
                (_, _) => return Err(HandleError::failed("one of several was not handled")),
            }
        }
        tx.commit().await?;
        self.effect.committed().await;
        Ok(vec![Outcome::Done; messages.len()])
    }
}

#[async_trait]
impl<E: Effect> Handler for Idempotent<E> {
    async fn handle(&self, message: &Received) -> Result<Outcome, HandleError> {
        let outcomes = self.handle_all(std::slice::from_ref(message)).await?;
        Ok(outcomes.into_iter().next().unwrap_or(Outcome::Done))
    }

    async fn handle_all(&self, messages: &[Received]) -> Result<Vec<Outcome>, HandleError> {
        let mut tried = 1;
        loop {
            match self.once(messages).await {
                Err(HandleError::Conflict(_)) if tried < TRIES => {
                    tracing::debug!(tried, "a transaction lost against another");
                    tokio::time::sleep(PAUSE * tried).await;
                    tried += 1;
                }
                answer => return answer,
            }
        }
    }
}
