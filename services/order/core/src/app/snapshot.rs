//! Taking snapshots on demand, so that long streams load fast again.

use super::Snapshots;
use crate::domain::cart::Cart;
use crate::domain::history::{Aggregate, StreamId};
use crate::domain::order::Order;
use crate::domain::stored::Snapshot;
use crate::ports::StoreError;

/// Streams looked at in one go; between two, others get their turn.
const BATCH: u32 = 100;

impl Snapshots {
    /// Takes a snapshot of every stream that grew by `min_events` or more since its last one, and
    /// tells how many it took.
    ///
    /// # Errors
    /// When the store does not answer; what was taken until then stays.
    pub async fn take(&self, min_events: u64) -> Result<u64, StoreError> {
        let mut taken = 0;
        loop {
            let due = self.shelf.due(min_events.max(1), BATCH).await?;
            if due.is_empty() {
                return Ok(taken);
            }
            for stream in due {
                match stream {
                    StreamId::Cart(_) => self.take_one::<Cart>(stream).await?,
                    StreamId::Order(_) => self.take_one::<Order>(stream).await?,
                }
                taken += 1;
            }
        }
    }

    async fn take_one<A: Aggregate>(&self, stream: StreamId) -> Result<(), StoreError> {
        let present = self.events.load(stream, A::SNAPSHOT_SCHEMA).await?.rebuild::<A>()?;
        if let Some(state) = &present.state {
            self.shelf.keep(stream, &Snapshot::take(state, present.version)?).await?;
        }
        Ok(())
    }
}
