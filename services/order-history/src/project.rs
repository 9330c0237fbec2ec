//! Taking facts into documents, in every generation that lives.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shop_kernel::OrderId;

use crate::document::Document;
use crate::receipt::Heard;
use crate::store::{Generation, HistoryStore, StoreError};

/// An order has about ten facts: this many lost races in a row are no race any more.
const MAX_CONFLICTS: u32 = 50;

/// Writes facts into documents; any number of them may work on one store, hence the revision.
#[derive(Debug)]
pub struct Projector {
    store: Arc<dyn HistoryStore>,
    /// What lived at the last look, so that a write need not wait for one.
    live: Mutex<Vec<Generation>>,
}

impl Projector {
    /// A projector into this store.
    #[must_use]
    pub fn new(store: Arc<dyn HistoryStore>) -> Self {
        Self { store, live: Mutex::default() }
    }

    /// Takes in facts that were just heard, into every generation that lives: many of them in about
    /// the time of one.
    ///
    /// Looks again after the write: a rebuild that began meanwhile has either read its feed after
    /// these facts were published, or is seen here and gets them too. None falls in between.
    ///
    /// # Errors
    /// When the store does not take all of them; nothing is lost by taking them in again.
    pub async fn take(&self, facts: &[Heard]) -> Result<(), StoreError> {
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
                for (order, facts) in by_order {
                    self.add(generation, BTreeMap::from([(order, facts)])).await?;
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
        order: BTreeMap<OrderId, Vec<&Heard>>,
    ) -> Result<(), StoreError> {
        for conflicts in 0..MAX_CONFLICTS {
            match self.fill_at_once(generation, &order).await {
                Err(StoreError::Conflict) => {
                    // A majority read may be a moment behind the write that won.
                    tokio::time::sleep(Duration::from_millis(u64::from(conflicts.min(10)))).await;
                }
                answer => return answer,
            }
        }
        Err(StoreError::Conflict)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
