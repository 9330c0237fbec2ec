//! How many calls may be under way at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Keeps the calls to one neighbour from taking every connection and every waiting client.
///
/// It has no queue: who would have to wait is refused at once, and can fall back at once.
#[derive(Debug, Clone)]
pub struct Bulkhead(Arc<Semaphore>);

/// A place behind the bulkhead, free again when this is dropped.
#[derive(Debug)]
pub struct Slot {
    _permit: OwnedSemaphorePermit,
}

impl Bulkhead {
    /// Room for that many.
    #[must_use]
    pub fn new(concurrency: usize) -> Self {
        Self(Arc::new(Semaphore::new(concurrency.min(Semaphore::MAX_PERMITS))))
    }

    /// A place, if one is free.
    #[must_use]
    pub fn enter(&self) -> Option<Slot> {
        Arc::clone(&self.0).try_acquire_owned().ok().map(|permit| Slot { _permit: permit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_refuses_at_once_when_it_is_full_and_takes_the_next_when_one_leaves() {
        let bulkhead = Bulkhead::new(2);

        let (first, second) = (bulkhead.enter(), bulkhead.enter());
        let third = bulkhead.enter();
        drop(first);
        let fourth = bulkhead.enter();

        assert!(second.is_some() && third.is_none() && fourth.is_some());
    }
}
