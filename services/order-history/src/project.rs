//! Taking facts into documents, in every generation that lives.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use shop_kernel::OrderId;
use tokio::sync::{Mutex, oneshot};

use crate::document::Document;
use crate::receipt::Heard;
use crate::store::{Generation, HistoryStore, StoreError};

/// An order has about ten facts: this many lost races in a row are no race any more.
const MAX_CONFLICTS: u32 = 50;

/// Writes facts into documents; any number of them may work on one store.
///
/// Facts that come while a write is under way are written together by the next: under load one
/// round trip serves many, and facts of one order do not make each other's writes fail. A fact
/// that comes alone waits for nobody. Other processes write too, hence the revision.
#[derive(Debug)]
pub struct Projector {
    store: Arc<dyn HistoryStore>,
    waiting: std::sync::Mutex<Vec<Waiting>>,
    /// Held while one writes.
    writing: Mutex<()>,
    /// What lived at the last look, so that a write need not wait for one.
    live: std::sync::Mutex<Vec<Generation>>,
}

#[derive(Debug)]
struct Waiting {
    heard: Heard,
    written: oneshot::Sender<Result<(), StoreError>>,
}

impl Projector {
    /// A projector into this store.
    #[must_use]
    pub fn new(store: Arc<dyn HistoryStore>) -> Self {
        let (waiting, writing, live) = Default::default();
        Self { store, waiting, writing, live }
    }

    /// Takes in a fact that was just heard, into every generation that lives.
    ///
    /// # Errors
    /// When the store does not take it; nothing is lost by taking it in again.
    pub async fn take(&self, heard: Heard) -> Result<(), StoreError> {
        let (written, mut outcome) = oneshot::channel();
        locked(&self.waiting).push(Waiting { heard, written });
        let outcome = tokio::select! {
            biased;
            // The one before took this fact along: whoever queued for a turn all the same would
            // find one fact there each time, and nothing would ever be written together.
            outcome = &mut outcome => outcome,
            _writing = self.writing.lock() => {
                let batch = std::mem::take(&mut *locked(&self.waiting));
                self.write(batch).await;
                outcome.await
            }
        };
        // Whoever had it is gone, as at a stop: it was not written, or will be found to be.
        outcome.unwrap_or(Err(StoreError::Conflict))
    }

    async fn write(&self, batch: Vec<Waiting>) {
        let (facts, written): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|one| (one.heard, one.written)).unzip();
        let together = self.take_together(&facts).await;
        let is_known = together.as_ref().err().is_none_or(StoreError::is_unavailable);
        for (fact, written) in facts.iter().zip(written) {
            let outcome = match &together {
                Ok(()) => Ok(()),
                Err(error) if is_known => Err(error.to_shared()),
                // One document that cannot be written must not keep the others out.
                Err(_) => self.take_together(std::slice::from_ref(fact)).await,
            };
            // The receiver is gone when its message is no longer wanted.
            drop(written.send(outcome));
        }
    }

    /// Looks again after the write: a rebuild that began meanwhile has either read its feed after
    /// these facts were published, or is seen here and gets them too. None falls in between.
    async fn take_together(&self, facts: &[Heard]) -> Result<(), StoreError> {
        if facts.is_empty() {
            return Ok(());
        }
        let mut written: Vec<Generation> = Vec::with_capacity(2);
        let mut live = locked(&self.live).clone();
        loop {
            for generation in live {
                if !written.contains(&generation) {
                    self.fill(generation, facts).await?;
                    written.push(generation);
                }
            }
            live = self.store.generations().await?.live().collect();
            locked(&self.live).clone_from(&live);
            if live.iter().all(|generation| written.contains(generation)) {
                return Ok(());
            }
        }
    }

    /// Takes many facts into one generation, as one that is being filled.
    ///
    /// # Errors
    /// When the store does not take one of them.
    pub async fn fill(&self, generation: Generation, facts: &[Heard]) -> Result<(), StoreError> {
        let mut by_order: BTreeMap<OrderId, Vec<&Heard>> = BTreeMap::new();
        for heard in facts {
            by_order.entry(heard.fact.order).or_default().push(heard);
        }
        match self.fill_at_once(generation, &by_order).await {
            // Another process wrote one of them meanwhile; one by one, what is written already is
            // found to be there.
            Err(StoreError::Conflict) => {
                for (order, facts) in &by_order {
                    self.add(generation, *order, facts).await?;
                }
                Ok(())
            }
            answer => answer,
        }
    }

    async fn fill_at_once(
        &self,
        generation: Generation,
        by_order: &BTreeMap<OrderId, Vec<&Heard>>,
    ) -> Result<(), StoreError> {
        let orders: Vec<_> = by_order.keys().copied().collect();
        let found = self.store.find_all(generation, &orders).await?;
        let mut found: HashMap<_, _> =
            found.into_iter().map(|document| (document.order(), document)).collect();
        let mut changed = Vec::with_capacity(orders.len());
        for (order, facts) in by_order {
            let mut document = found.remove(order).unwrap_or_else(|| Document::new(*order));
            let read = document.revision();
            for heard in facts {
                document.hear(heard);
            }
            if document.revision() > read {
                changed.push((document, read));
            }
        }
        self.store.save_all(generation, &changed).await
    }

    async fn add(
        &self,
        generation: Generation,
        order: OrderId,
        facts: &[&Heard],
    ) -> Result<(), StoreError> {
        for conflicts in 0..MAX_CONFLICTS {
            match self.try_add(generation, order, facts).await {
                Err(StoreError::Conflict) => {
                    // A majority read may be a moment behind the write that won.
                    tokio::time::sleep(Duration::from_millis(u64::from(conflicts.min(10)))).await;
                }
                answer => return answer,
            }
        }
        Err(StoreError::Conflict)
    }

    async fn try_add(
        &self,
        generation: Generation,
        order: OrderId,
        facts: &[&Heard],
    ) -> Result<(), StoreError> {
        let found = self.store.find(generation, order).await?;
        let mut document = found.unwrap_or_else(|| Document::new(order));
        let read = document.revision();
        for heard in facts {
            document.hear(heard);
        }
        if document.revision() == read {
            return Ok(());
        }
        self.store.save(generation, &document, read).await
    }
}

fn locked<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
