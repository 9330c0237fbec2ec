//! Taking facts into documents, in every generation that lives.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use shop_kernel::OrderId;

use crate::document::Document;
use crate::receipt::Heard;
use crate::store::{Generation, HistoryStore, StoreError};

/// An order has about ten facts: this many lost races in a row are no race any more.
const MAX_CONFLICTS: u32 = 50;
/// Documents written at once by a rebuild: it hides the round trips and leaves the store room.
const AT_ONCE: usize = 16;

/// Writes facts into documents; any number of them may work on one store.
#[derive(Debug)]
pub struct Projector {
    store: Arc<dyn HistoryStore>,
    /// What lived when last looked, so that the first write need not wait for the look.
    live: Mutex<Vec<Generation>>,
}

impl Projector {
    /// A projector into this store.
    #[must_use]
    pub fn new(store: Arc<dyn HistoryStore>) -> Self {
        Self { store, live: Mutex::default() }
    }

    /// Takes in a fact that was just heard, into every generation that lives.
    ///
    /// Looks again after the write: a rebuild that began meanwhile has either read its feed after
    /// this fact was published, or is seen here and gets the fact too. None falls in between.
    ///
    /// # Errors
    /// When the store does not take it; nothing is lost by taking it in again.
    pub async fn take(&self, heard: &Heard) -> Result<(), StoreError> {
        let mut written: Vec<Generation> = Vec::with_capacity(2);
        let mut live = self.remembered();
        loop {
            for generation in live {
                if !written.contains(&generation) {
                    self.add(generation, heard.fact.order, std::slice::from_ref(heard)).await?;
                    written.push(generation);
                }
            }
            live = self.store.generations().await?.live().collect();
            if live.iter().all(|generation| written.contains(generation)) {
                self.remember(live);
                return Ok(());
            }
        }
    }

    /// Takes many facts into one generation, as a rebuild does.
    ///
    /// # Errors
    /// When the store does not take one of them.
    pub async fn fill(&self, generation: Generation, facts: Vec<Heard>) -> Result<(), StoreError> {
        let mut by_order: BTreeMap<OrderId, Vec<Heard>> = BTreeMap::new();
        for heard in facts {
            by_order.entry(heard.fact.order).or_default().push(heard);
        }
        stream::iter(by_order)
            .map(async |(order, facts)| self.add(generation, order, &facts).await)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn add(
        &self,
        generation: Generation,
        order: OrderId,
        facts: &[Heard],
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
        facts: &[Heard],
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

    fn remembered(&self) -> Vec<Generation> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, live: Vec<Generation>) {
        *self.live.lock().unwrap_or_else(PoisonError::into_inner) = live;
    }
}
