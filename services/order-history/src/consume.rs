//! Hears the facts: one queue, every fact of an order.

use std::sync::Arc;

use async_trait::async_trait;
use chassis_messaging::{HandleError, Handler, Outcome, Received};
use shop_kernel::Clock;

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

#[async_trait]
impl Handler for TakeFacts {
    async fn handle(&self, message: &Received) -> Result<Outcome, HandleError> {
        let fact = match Fact::read(&message.envelope) {
            Ok(fact) => fact,
            Err(UnreadableFact::Malformed(error)) => return Err(error.into()),
            Err(error @ UnreadableFact::UnknownType(_)) => {
                return Ok(Outcome::Reject(error.to_string()));
            }
        };
        let said_at = fact.time;
        let receipt = Receipt {
            message: fact.id,
            consumer: message.queue.name.to_owned(),
            attempt: message.attempt,
            received_at: message.received_at,
            committed_at: self.clock.now(),
        };
        self.projector.take(Heard { fact, receipt }).await?;
        // The age of a fact when it became visible; clocks of two machines may make it negative.
        let lag = (self.clock.now() - said_at).to_std().unwrap_or_default();
        metrics::histogram!("order_history_projection_lag_seconds", "service" => SERVICE.name)
            .record(lag);
        Ok(Outcome::Done)
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
