//! Taking facts into documents, in every generation that lives.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use shop_kernel::OrderId;
use tokio::sync::Mutex;

use crate::document::Document;
use crate::receipt::Heard;
use crate::store::{Generation, HistoryStore, StoreError};

/// An order has about ten facts: this many lost races in a row are no race any more.
const MAX_CONFLICTS: u32 = 50;
/// So many that two orders rarely share one, and so few that they cost nothing.
const TURNS: usize = 64;

/// Writes facts into documents; any number of them may work on one store.
#[derive(Debug)]
pub struct Projector {
    store: Arc<dyn HistoryStore>,
    /// Facts of one order that come at once would only make each other's writes fail: they take
    /// turns. Other processes do not, hence the revision.
    turns: Vec<Mutex<()>>,
    /// How many looks at the generations were begun.
    looks: AtomicU64,
    /// Which of them ended last; held while one looks.
    looked: Mutex<u64>,
    /// What lived then.
    live: std::sync::Mutex<Vec<Generation>>,
}

impl Projector {
    /// A projector into this store.
    #[must_use]
    pub fn new(store: Arc<dyn HistoryStore>) -> Self {
        Self {
            store,
            turns: (0..TURNS).map(|_| Mutex::default()).collect(),
            looks: AtomicU64::new(0),
            looked: Mutex::default(),
            live: std::sync::Mutex::default(),
        }
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
        // What lived at the last look, so that the write need not wait for one.
        let mut live = self.live_when_last_looked();
        loop {
            for generation in live {
                if !written.contains(&generation) {
                    self.add(generation, heard.fact.order, std::slice::from_ref(heard)).await?;
                    written.push(generation);
                }
            }
            live = self.look().await?;
            if live.iter().all(|generation| written.contains(generation)) {
                return Ok(());
            }
        }
    }

    /// Takes many facts into a generation that is being filled.
    ///
    /// # Errors
    /// When the store does not take one of them.
    pub async fn fill(&self, generation: Generation, facts: Vec<Heard>) -> Result<(), StoreError> {
        let mut by_order: BTreeMap<OrderId, Vec<Heard>> = BTreeMap::new();
        for heard in facts {
            by_order.entry(heard.fact.order).or_default().push(heard);
        }
        match self.fill_at_once(generation, &by_order).await {
            // A live fact came to one of them meanwhile; one by one, what is written already is
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
        by_order: &BTreeMap<OrderId, Vec<Heard>>,
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
        facts: &[Heard],
    ) -> Result<(), StoreError> {
        let _turn = match self.turns.get(turn(order)) {
            Some(turn) => Some(turn.lock().await),
            None => None,
        };
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

    /// What lives now, by a look that began after this call did.
    ///
    /// Those who ask while one looks share the next look.
    async fn look(&self) -> Result<Vec<Generation>, StoreError> {
        let begun_before = self.looks.load(Ordering::SeqCst);
        let mut looked = self.looked.lock().await;
        if *looked <= begun_before {
            let look = self.looks.fetch_add(1, Ordering::SeqCst) + 1;
            let live = self.store.generations().await?.live().collect();
            *self.live.lock().unwrap_or_else(PoisonError::into_inner) = live;
            *looked = look;
        }
        Ok(self.live_when_last_looked())
    }

    fn live_when_last_looked(&self) -> Vec<Generation> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn turn(order: OrderId) -> usize {
    // The last bits of a UUIDv7 are random.
    usize::try_from(order.uuid().as_u128() % TURNS as u128).unwrap_or_default()
}
