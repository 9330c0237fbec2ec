//! Hears the facts: one queue, every fact of an order.

use std::sync::Arc;

use async_trait::async_trait;
use chassis_messaging::{HandleError, Handler, Outcome, Received};
use shop_kernel::Clock;
use tracing::Instrument as _;

use crate::fact::{Fact, UnreadableFact};
use crate::project::Projector;
use crate::receipt::{Heard, Receipt};
use crate::{SERVICE, store::StoreError};

/// Takes each message of the queue into its document.
#[derive(Debug)]
pub(crate) struct TakeFacts {
    projector: Arc<Projector>,
    clock: Arc<dyn Clock>,
}

impl TakeFacts {
    /// A handler that writes through `projector`.
    #[must_use]
    pub(crate) fn new(projector: Arc<Projector>, clock: Arc<dyn Clock>) -> Self {
        Self { projector, clock }
    }
}

impl TakeFacts {
    fn hear(&self, message: &Received) -> Result<Heard, UnreadableFact> {
        let fact = Fact::read(&message.envelope)?;
        let receipt = Receipt {
            message: fact.id,
            consumer: message.queue.name.to_owned(),
            attempt: message.attempt,
            received_at: message.received_at,
            committed_at: self.clock.now(),
        };
        Ok(Heard { fact, receipt })
    }

    async fn take(&self, heard: &[Heard]) -> Result<(), HandleError> {
        self.projector.take(heard).await?;
        let now = self.clock.now();
        for Heard { fact, .. } in heard {
            // The age of a fact when it became visible; clocks of two machines may make it negative.
            let lag = (now - fact.time).to_std().unwrap_or_default();
            metrics::histogram!("order_history_projection_lag_seconds", "service" => SERVICE.name)
                .record(lag);
        }
        Ok(())
    }
}

#[async_trait]
impl Handler for TakeFacts {
    async fn handle(&self, message: &Received) -> Result<Outcome, HandleError> {
        let heard = match self.hear(message) {
            Ok(heard) => heard,
            Err(UnreadableFact::Malformed(error)) => return Err(error.into()),
            Err(error @ UnreadableFact::UnknownType(_)) => {
                return Ok(Outcome::Reject(error.to_string()));
            }
        };
        self.take(&[heard]).await?;
        Ok(Outcome::Done)
    }

    async fn handle_all(&self, messages: &[Received]) -> Result<Vec<Outcome>, HandleError> {
        if let [message] = messages {
            return Ok(vec![self.handle(message).instrument(message.span()).await?]);
        }
        let heard: Result<Vec<_>, _> = messages.iter().map(|message| self.hear(message)).collect();
        self.take(&heard.map_err(HandleError::failed)?).await?;
        Ok(vec![Outcome::Done; messages.len()])
    }
}

impl From<StoreError> for HandleError {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() {
            Self::Unavailable(error.into())
        } else {
            Self::Failed(error.into())
        }
    }
}
