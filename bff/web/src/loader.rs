//! Asks for many things at once where a query names them one by one: the cure for N+1.
//!
//! Our own and not async-graphql's: that one runs its batches in tasks of their own, outside the
//! request's span and id, waits by the clock for a batch to fill, and brings an `lru` with an open
//! advisory. Here the batch is fetched by one of those who wait for it, within the request.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::OnceCell;

use crate::failure::Failure;

/// Fetches what belongs to several keys.
#[async_trait]
pub(crate) trait Fetch: Send + Sync {
    /// What is asked by.
    type Key: Clone + Eq + Hash + Send + Sync;
    /// What is got.
    type Value: Clone + Send + Sync;

    /// What there is for these keys; what there is not is left out.
    async fn fetch(&self, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>, Failure>;
}

/// Collects keys into batches and remembers every answer; made anew for each operation, and told
/// to forget between the events of a subscription.
pub(crate) struct Loader<F: Fetch> {
    fetch: F,
    state: Mutex<State<F>>,
}

struct State<F: Fetch> {
    /// Takes keys until somebody fetches it.
    open: Option<Arc<Batch<F>>>,
    by_key: HashMap<F::Key, Arc<Batch<F>>>,
}

type Found<F> = Result<HashMap<<F as Fetch>::Key, <F as Fetch>::Value>, Failure>;

struct Batch<F: Fetch> {
    keys: Mutex<Vec<F::Key>>,
    answer: OnceCell<Found<F>>,
}

impl<F: Fetch> Loader<F> {
    pub(crate) fn new(fetch: F) -> Self {
        Self { fetch, state: Mutex::new(State { open: None, by_key: HashMap::new() }) }
    }

    /// What belongs to this key, asked for together with what its siblings want.
    ///
    /// # Errors
    /// When the whole batch could not be had.
    pub(crate) async fn load(&self, key: F::Key) -> Result<Option<F::Value>, Failure> {
        let batch = self.join(&key);
        // Every sibling is polled, and names its key, before this goes on.
        tokio::task::yield_now().await;
        let answer = batch
            .answer
            .get_or_init(|| async {
                let keys = self.close(&batch);
                self.fetch.fetch(&keys).await
            })
            .await;
        answer.as_ref().map(|found| found.get(&key).cloned()).map_err(Clone::clone)
    }

    /// Asks again for whatever is wanted from now on: what is known gets old, and who failed may be
    /// back.
    pub(crate) fn forget(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = State { open: None, by_key: HashMap::new() };
    }

    fn join(&self, key: &F::Key) -> Arc<Batch<F>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(batch) = state.by_key.get(key) {
            return Arc::clone(batch);
        }
        let open = state.open.get_or_insert_with(|| Arc::new(Batch::new()));
        let batch = Arc::clone(open);
        batch.keys.lock().unwrap_or_else(PoisonError::into_inner).push(key.clone());
        state.by_key.insert(key.clone(), Arc::clone(&batch));
        batch
    }

    fn close(&self, batch: &Arc<Batch<F>>) -> Vec<F::Key> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.open.as_ref().is_some_and(|open| Arc::ptr_eq(open, batch)) {
            state.open = None;
        }
        // Copied and not taken: should this caller go away, the next one fetches.
        batch.keys.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<F: Fetch> Batch<F> {
    fn new() -> Self {
        Self { keys: Mutex::new(Vec::new()), answer: OnceCell::new() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;

    use super::*;

    struct Doubling(AtomicUsize);

    #[async_trait]
    impl Fetch for Doubling {
        type Key = u32;
        type Value = u32;

        async fn fetch(&self, keys: &[u32]) -> Result<HashMap<u32, u32>, Failure> {
            self.0.fetch_add(1, Ordering::Relaxed);
            if keys.contains(&13) {
                return Err(Failure::unavailable("doubling"));
            }
            Ok(keys.iter().filter(|key| **key < 100).map(|key| (*key, key * 2)).collect())
        }
    }

    #[tokio::test]
    async fn what_siblings_want_is_fetched_once() {
        let loader = Loader::new(Doubling(AtomicUsize::new(0)));

        let all = join_all([1, 2, 1, 200].map(|key| loader.load(key))).await;

        let all: Vec<_> = all.into_iter().map(Result::unwrap).collect();
        assert_eq!(all, [Some(2), Some(4), Some(2), None]);
        assert_eq!(loader.fetch.0.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_is_known_is_not_fetched_again() {
        let loader = Loader::new(Doubling(AtomicUsize::new(0)));
        loader.load(1).await.unwrap();

        let again = loader.load(1).await.unwrap();
        let other = loader.load(2).await.unwrap();

        assert_eq!((again, other), (Some(2), Some(4)));
        assert_eq!(loader.fetch.0.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn what_was_forgotten_is_fetched_again() {
        let loader = Loader::new(Doubling(AtomicUsize::new(0)));
        loader.load(1).await.unwrap();

        loader.forget();

        assert_eq!(loader.load(1).await.unwrap(), Some(2));
        assert_eq!(loader.fetch.0.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn everyone_in_a_batch_hears_that_it_failed() {
        let loader = Loader::new(Doubling(AtomicUsize::new(0)));

        let all = join_all([13, 2].map(|key| loader.load(key))).await;

        assert!(all.iter().all(|one| one.as_ref().is_err_and(Failure::is_for_now)));
    }

    #[tokio::test]
    async fn a_batch_survives_the_one_who_began_to_fetch_it() {
        let loader = Loader::new(Doubling(AtomicUsize::new(0)));
        let mut first = Box::pin(loader.load(1));
        let second = loader.load(2);
        assert!(futures::poll!(first.as_mut()).is_pending());
        drop(first);

        assert_eq!(second.await.unwrap(), Some(4));
    }
}
