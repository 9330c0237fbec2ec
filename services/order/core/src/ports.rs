//! What the use cases need from the world, as obligations.

mod book;
mod change;
mod checkout;
mod error;

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use shop_kernel::{CartId, ProductId};

pub use book::{OrderSummary, Overdue, PageQuery};
pub use change::{Append, Appended, Cause, Change, Entry, Received, Standing};
pub use checkout::{Desk, ListedProduct, Operation, Prices, Reply, RequestKey};
pub use error::StoreError;

use crate::domain::cart_event::CartOwner;
use crate::domain::history::StreamId;
use crate::domain::stored::{Recorded, Snapshot, Stored};

/// Keeps carts and orders as append-only streams of events.
#[async_trait]
pub trait EventStore: Send + Sync + Debug {
    /// The newest snapshot of that form and every event after it; empty when there is no stream.
    async fn load(&self, stream: StreamId, snapshot_schema: u32) -> Result<Stored, StoreError>;

    /// The whole history up to a version or a time, oldest first, without snapshots.
    async fn history(&self, stream: StreamId, until: Until) -> Result<Vec<Recorded>, StoreError>;

    /// The stream of the one open cart of an owner; empty when they have none.
    async fn open_cart(&self, owner: CartOwner, snapshot_schema: u32)
    -> Result<Stored, StoreError>;

    /// Writes a change: all of it or nothing.
    ///
    /// Fails with [`StoreError::Conflict`] when a stream has moved past its expected version,
    /// when the owner of a new cart has one already, or when the reply's key was used meanwhile.
    /// Answers [`Appended::ReceivedBefore`], and writes nothing, when the message was noted
    /// before. Afterwards the messages will be published, however often the process dies.
    async fn append(&self, change: Change) -> Result<Appended, StoreError>;
}

/// Reads what placing an order must know, at one moment and in as few trips as the store allows.
#[async_trait]
pub trait CheckoutDesk: Send + Sync + Debug {
    /// The reply kept under the key, the stream of the cart, and the prices of the products.
    async fn look(
        &self,
        key: &RequestKey,
        cart: CartId,
        snapshot_schema: u32,
        products: &[ProductId],
    ) -> Result<Desk, StoreError>;

    /// The reply kept under the key, if there is one.
    async fn reply(&self, key: &RequestKey) -> Result<Option<Reply>, StoreError>;
}

/// Knows what products cost: our own copy of the catalog's prices.
#[async_trait]
pub trait PriceList: Send + Sync + Debug {
    /// What is known of these products.
    async fn prices(&self, products: &[ProductId]) -> Result<Prices, StoreError>;
}

/// Finds orders by other things than their id.
#[async_trait]
pub trait OrderBook: Send + Sync + Debug {
    /// A page of orders, newest first.
    async fn page(&self, query: &PageQuery) -> Result<Vec<OrderSummary>, StoreError>;

    /// Provisional orders whose time is over, the longest overdue first.
    async fn overdue(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Overdue>, StoreError>;
}

/// Keeps snapshots that are taken on demand, beside those that come with an append.
#[async_trait]
pub trait SnapshotShelf: Send + Sync + Debug {
    /// Streams that grew by `min_events` or more since their last snapshot in today's form.
    async fn due(&self, min_events: u64, limit: u32) -> Result<Vec<StreamId>, StoreError>;

    /// Keeps a snapshot, unless there is a newer one.
    async fn keep(&self, stream: StreamId, snapshot: &Snapshot) -> Result<(), StoreError>;
}

/// Up to where a history is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// All of it.
    Now,
    /// Up to and with a version.
    Version(u64),
    /// Up to and with a moment.
    Time(DateTime<Utc>),
}
