//! The port to the store of documents, and how its adapter is chosen.

mod generation;
mod mongo;
mod sale;
mod sqlite;
mod stored;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chassis::auth::JwkSet;
use chrono::NaiveDate;
use shop_kernel::{CustomerId, OrderId};
use tokio::sync::broadcast;

pub use generation::{Generation, Generations};
pub use mongo::MongoStore;
pub use sale::{DaySales, ProductSales, Sale, SaleLine};
pub use sqlite::SqliteStore;

use crate::document::Document;
use crate::view::Status;

/// Keeps the documents, in generations: one serves, and a rebuild may be filling the next.
///
/// Every answer that depends on what a document shows follows from the document last saved.
#[async_trait]
pub trait HistoryStore: Send + Sync + fmt::Debug {
    /// Which generation serves, and which is being filled. Never older than the last change.
    async fn generations(&self) -> Result<Generations, StoreError>;

    /// Replaces what [`HistoryStore::generations`] answers; the revision grows by one.
    ///
    /// Fails with [`StoreError::Conflict`] when it has changed since `changed` was read.
    async fn change_generations(&self, changed: &Generations) -> Result<(), StoreError>;

    /// Makes a generation ready for documents; harmless when it is.
    async fn prepare(&self, generation: Generation) -> Result<(), StoreError>;

    /// Removes a generation with all its documents; harmless when there is none.
    async fn discard(&self, generation: Generation) -> Result<(), StoreError>;

    /// Every generation that has documents or was prepared.
    async fn stored_generations(&self) -> Result<Vec<Generation>, StoreError>;

    /// The document of an order.
    async fn find(
        &self,
        generation: Generation,
        order: OrderId,
    ) -> Result<Option<Document>, StoreError>;

    /// The documents of these orders, as far as there are any.
    async fn find_all(
        &self,
        generation: Generation,
        orders: &[OrderId],
    ) -> Result<Vec<Document>, StoreError>;

    /// Writes documents, each over the revision that was read (0 for none), durably. After it,
    /// everyone who listens to [`HistoryStore::changes`] hears of each.
    ///
    /// Fails with [`StoreError::Conflict`] when another revision of one is stored; some of the
    /// others may be written then.
    async fn save_all(
        &self,
        generation: Generation,
        documents: &[(Document, u64)],
    ) -> Result<(), StoreError>;

    /// A page of a customer's orders, newest first; never one whose `order.placed` is missing.
    async fn list(
        &self,
        generation: Generation,
        query: &ListQuery,
    ) -> Result<Vec<Document>, StoreError>;

    /// A page of all documents by order id, from after `after`.
    async fn page(
        &self,
        generation: Generation,
        after: Option<OrderId>,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError>;

    /// How many documents there are.
    async fn count(&self, generation: Generation) -> Result<u64, StoreError>;

    /// What was sold on each day, per currency, oldest day first.
    async fn sales_by_day(
        &self,
        generation: Generation,
        period: Period,
    ) -> Result<Vec<DaySales>, StoreError>;

    /// What was sold of each product, per currency, the largest sums first.
    async fn sales_by_product(
        &self,
        generation: Generation,
        period: Period,
        limit: u32,
    ) -> Result<Vec<ProductSales>, StoreError>;

    /// The keys saved last; none when none ever were.
    async fn load_keys(&self) -> Result<JwkSet, StoreError>;

    /// Keeps identity's keys over a restart, in place of those before.
    async fn save_keys(&self, keys: &JwkSet) -> Result<(), StoreError>;

    /// Tells of changes from now on, each at least once, by whichever process made them.
    ///
    /// One who reads too slowly misses some and is told that he lagged.
    fn changes(&self) -> broadcast::Receiver<Change>;

    /// Brings in the changes other processes make; runs until it is dropped.
    async fn watch(&self);

    /// Lets go of the store; it answers nothing afterwards.
    async fn close(&self);

    /// Whether the store answers now.
    async fn is_up(&self) -> bool;
}

/// A change that was heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The document of one order, in some generation.
    Order(OrderId),
    /// Anything: another generation serves, or changes were missed.
    Everything,
}

/// Which of a customer's orders are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListQuery {
    /// Whose.
    pub customer: CustomerId,
    /// In which status; any when absent.
    pub status: Option<Status>,
    /// Only orders placed before this one.
    pub before: Option<OrderId>,
    /// How many at most.
    pub limit: u32,
}

/// UTC days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

/// Where an error of a driver is kept.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Someone else wrote in between: read again.
    #[error("what was read has changed since")]
    Conflict,
    /// It is away or too busy; the same may succeed later.
    #[error("the store does not answer")]
    Unavailable(#[source] Cause),
    /// It answered with an error.
    #[error("the store refused")]
    Refused(#[source] Cause),
    /// What is stored is not what this service stores.
    #[error("a stored document cannot be read")]
    Corrupt(#[source] Cause),
}

impl StoreError {
    /// Whether waiting for the store may help.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// Why no store was opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names neither adapter.
    #[error("a store is at `mongodb:` or `sqlite:`")]
    UnknownScheme,
    /// It could not be opened or prepared.
    #[error("could not open the store")]
    Failed(#[source] Cause),
}

/// Opens the store at `url`: `mongodb:` or `sqlite:`.
///
/// # Errors
/// When the URL names another, or the store does not answer.
pub async fn open(url: &str, max_connections: u32) -> Result<Arc<dyn HistoryStore>, OpenError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("mongodb" | "mongodb+srv") => {
            Ok(Arc::new(MongoStore::open(url, max_connections).await?))
        }
        Some("sqlite") => Ok(Arc::new(SqliteStore::open(url, max_connections).await?)),
        _ => Err(OpenError::UnknownScheme),
    }
}
