//! What the use cases need from the world, as obligations.

use std::error::Error;
use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use shop_contracts::RawEnvelope;
use shop_contracts::order::CancelReason;
use shop_contracts::routing::Queue;
use shop_kernel::{CartId, CustomerId, LocalizedText, Money, OrderId, ProductId};
use uuid::Uuid;

use crate::domain::cart_event::CartOwner;
use crate::domain::history::{CorruptHistory, StreamId};
use crate::domain::stored::{Recorded, Snapshot, Stored, StoredEvent};

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

/// What led to a change; it goes with every event and every message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cause {
    /// The message that was handled; absent where a person or the clock began it.
    pub message: Option<Uuid>,
    /// The trace to continue, as a `traceparent` header.
    pub traceparent: Option<String>,
}

/// Everything one decision writes.
#[derive(Debug, Clone)]
pub struct Change {
    /// What happened, per stream.
    pub appends: Vec<Append>,
    /// What others are told of it.
    pub messages: Vec<RawEnvelope>,
    /// What the same request will be answered from now on.
    pub reply: Option<(RequestKey, Reply)>,
    /// The message that this handles.
    pub received: Option<Received>,
    /// When.
    pub at: DateTime<Utc>,
    /// What led to it.
    pub cause: Cause,
}

/// New events of one stream.
#[derive(Debug, Clone)]
pub struct Append {
    /// The stream.
    pub stream: StreamId,
    /// The version the decision was made on; 0 for a new stream.
    pub expected: u64,
    /// The events that follow it.
    pub events: Vec<StoredEvent>,
    /// A snapshot to keep, where one is due.
    pub snapshot: Option<Snapshot>,
    /// What changes for those who look for the stream by other things than its id.
    pub entry: Entry,
}

/// How a stream is found by other things than its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// As before.
    Same,
    /// The owner has an open cart from now on.
    CartOpened(CartOwner),
    /// The owner has no open cart any more.
    CartEnded(CartOwner),
    /// There is one more order, and it is provisional.
    OrderPlaced {
        /// Whose it is.
        customer: CustomerId,
        /// What is to be paid.
        total: Money,
        /// When it gives up.
        expires_at: DateTime<Utc>,
    },
    /// The order stands elsewhere now.
    OrderDecided(Standing),
}

/// Where an order stands, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Waiting for money and stock.
    Provisional,
    /// Charged and held.
    Confirmed,
    /// Ended without a sale.
    Cancelled(CancelReason),
}

impl Standing {
    /// The word for it: `provisional`, `confirmed` or `cancelled`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Confirmed => "confirmed",
            Self::Cancelled(_) => "cancelled",
        }
    }

    /// Why it was cancelled; `None` unless it was.
    #[must_use]
    pub const fn reason(self) -> Option<CancelReason> {
        match self {
            Self::Cancelled(reason) => Some(reason),
            Self::Provisional | Self::Confirmed => None,
        }
    }

    /// The standing of that name, with the reason a cancelled one needs.
    #[must_use]
    pub fn parse(name: &str, reason: Option<CancelReason>) -> Option<Self> {
        match (name, reason) {
            ("provisional", None) => Some(Self::Provisional),
            ("confirmed", None) => Some(Self::Confirmed),
            ("cancelled", Some(reason)) => Some(Self::Cancelled(reason)),
            _ => None,
        }
    }
}

/// The result of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// The change is written.
    Written,
    /// The message was noted before, and nothing was written.
    ReceivedBefore,
}

/// A delivery of a message from another service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The queue it came through.
    pub queue: Queue,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The message.
    pub envelope: RawEnvelope,
}

/// A request that may be repeated without being done again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestKey {
    /// Who asks.
    pub customer: CustomerId,
    /// What for.
    pub operation: Operation,
    /// The key they chose.
    pub key: String,
    /// The SHA-256 of what they sent, in hexadecimal digits.
    pub fingerprint: String,
}

/// What a request key is scoped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Placing the order of a cart.
    Checkout,
    /// Buying the lines of a cancelled order again.
    Reorder,
}

impl Operation {
    /// The word for it, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Checkout => "checkout",
            Self::Reorder => "reorder",
        }
    }
}

/// What an accepted request was answered, to the byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What had been asked, as [`RequestKey::fingerprint`].
    pub fingerprint: String,
    /// The order that was placed.
    pub order: OrderId,
    /// The body of the answer.
    pub body: String,
}

/// What placing an order must know.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The reply kept under the key.
    pub reply: Option<Reply>,
    /// The cart; empty when there is none of that id.
    pub cart: Stored,
    /// What the products cost.
    pub prices: Prices,
}

/// What the price list says of some products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prices {
    /// The first copy of the list is not complete yet.
    Loading,
    /// The products that are known; nothing is known of the others.
    Listed(Vec<ListedProduct>),
}

impl Prices {
    /// What is known of one product.
    #[must_use]
    pub fn of(&self, product: ProductId) -> Option<&ListedProduct> {
        match self {
            Self::Loading => None,
            Self::Listed(products) => products.iter().find(|listed| listed.product == product),
        }
    }
}

/// A product in the price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedProduct {
    /// The product.
    pub product: ProductId,
    /// The catalog's count of its changes.
    pub version: u64,
    /// Its name.
    pub name: LocalizedText,
    /// Its price in each currency.
    pub prices: Vec<Money>,
    /// Whether it may be bought.
    pub on_sale: bool,
}

/// Which orders a page shows.
#[derive(Debug, Clone, Default)]
pub struct PageQuery {
    /// Only this customer's.
    pub customer: Option<CustomerId>,
    /// Only those in this state: `provisional`, `confirmed` or `cancelled`.
    pub status: Option<&'static str>,
    /// Only those placed before this one.
    pub before: Option<OrderId>,
    /// At most so many.
    pub limit: u32,
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSummary {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Where it stands.
    pub standing: Standing,
    /// What is to be paid.
    pub total: Money,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
}

/// A provisional order whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// The order.
    pub order: OrderId,
    /// The trace it was placed in.
    pub traceparent: Option<String>,
}

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Someone else was faster: load and decide again.
    #[error("someone else changed it meanwhile")]
    Conflict,
    /// The store is away or too busy; the same may succeed later.
    #[error("the store does not answer")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The store refused.
    #[error("the store failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
    /// What it keeps makes no sense.
    #[error("a history makes no sense")]
    Corrupt(#[from] CorruptHistory),
    /// What was to be kept has no JSON form.
    #[error("an event could not be put into words")]
    Unwritable(#[from] serde_json::Error),
}
