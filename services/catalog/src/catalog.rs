//! Everything that can be done with products and stock, each in its own file.

mod add;
mod adjust;
mod audit;
mod browse;
mod change;
mod cursor;
mod plant;
mod release;
mod reserve;

use std::sync::Arc;

use chassis_messaging::Wake;
use sea_orm::{DatabaseConnection, DbErr};
use shop_kernel::Clock;

pub use add::{AddProduct, AddProductError};
pub use adjust::{Adjust, AdjustError, Adjusted, Adjustment, StockCount};
pub use audit::{AuditCursor, AuditItem};
pub use browse::{Browse, Listed, PriceRange, Shelved};
pub use change::ChangeProductError;
pub use cursor::{Direction, Position, Sort};
pub use reserve::Demand;

use crate::checkpoint::{Checkpoint, Step, Uninterrupted};
use crate::shelf::Shelf;

/// The products of one store, and their stock.
#[derive(Debug, Clone)]
pub struct Catalog {
    db: DatabaseConnection,
    clock: Arc<dyn Clock>,
    shelf: Arc<Shelf>,
    relay: Wake,
    checkpoint: Arc<dyn Checkpoint>,
}

/// The world failed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store refused or did not answer.
    #[error("the store failed")]
    Store(#[from] DbErr),
    /// A message could not be written down.
    #[error("a message has no JSON form")]
    Message(#[from] serde_json::Error),
}

/// A stretch of a list, and where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, C> {
    /// What is in it.
    pub items: Vec<T>,
    /// Where to go on; none at the end.
    pub next: Option<C>,
}

impl Catalog {
    /// The catalog in `db`; `relay` is woken after every commit that has something to tell.
    #[must_use]
    pub fn new(
        db: DatabaseConnection,
        clock: Arc<dyn Clock>,
        shelf: Arc<Shelf>,
        relay: Wake,
    ) -> Self {
        Self { db, clock, shelf, relay, checkpoint: Arc::new(Uninterrupted) }
    }

    /// The same catalog, which tells `checkpoint` of every step it takes for an order.
    #[must_use]
    pub fn with_checkpoint(self, checkpoint: Arc<dyn Checkpoint>) -> Self {
        Self { checkpoint, ..self }
    }

    pub(crate) fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// What orders were answered is committed: it is sent.
    pub(crate) async fn answered(&self) {
        self.reached(Step::Committed).await;
        self.relay.wake();
    }

    async fn reached(&self, step: Step) {
        self.checkpoint.reached(step).await;
    }
}

impl<T, C> Page<T, C> {
    /// Makes a page of rows that were read with one more than `limit`, to see whether there is more.
    fn of(mut items: Vec<T>, limit: usize, position: impl Fn(&T) -> C) -> Self {
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = if has_more { items.last().map(position) } else { None };
        Self { items, next }
    }

    fn map<U>(self, convert: impl Fn(T) -> U) -> Page<U, C> {
        Page { items: self.items.into_iter().map(convert).collect(), next: self.next }
    }
}
