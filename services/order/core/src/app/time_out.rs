//! Giving up on orders whose answers did not come in time.

use super::Orders;
use super::retry::{may_conflict, until_settled};
use crate::ports::{Cause, Change, Overdue, StoreError};

/// Why an overdue order was not cancelled.
#[derive(Debug, thiserror::Error)]
pub enum TimeOutError {
    /// The store did not do it.
    #[error("could not cancel an overdue order")]
    Store(#[from] StoreError),
}

may_conflict!(TimeOutError);

impl Orders {
    /// Orders that are overdue now, the longest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn overdue(&self, limit: u32) -> Result<Vec<Overdue>, TimeOutError> {
        Ok(self.ports.book.overdue(self.ports.clock.now(), limit).await?)
    }

    /// Cancels an overdue order, and tells whether it did: an answer may have been faster, or
    /// another replica.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn time_out(&self, overdue: &Overdue) -> Result<bool, TimeOutError> {
        until_settled(|| self.time_out_once(overdue)).await
    }

    async fn time_out_once(&self, overdue: &Overdue) -> Result<bool, TimeOutError> {
        let past = self.load(overdue.order).await?;
        let now = self.ports.clock.now();
        let Some(events) = past.state.as_ref().and_then(|order| order.time_out(now)) else {
            return Ok(false);
        };
        let cause = Cause { message: None, traceparent: overdue.traceparent.clone() };
        let change = Change::new(now, cause);
        let (change, _) = change.with_order(&past, &events, self.rules.snapshot_every)?;
        self.ports.events.append(change).await?;
        Ok(true)
    }
}
