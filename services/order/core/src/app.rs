//! The use cases: load, decide, append.

use std::sync::Arc;

use chrono::TimeDelta;
use shop_kernel::Clock;

use crate::ports::{CheckoutDesk, EventStore, OrderBook, PriceList, SnapshotShelf};

pub mod announce;
pub mod cancel;
pub mod change_cart;
pub mod find;
pub mod merge;
pub mod place;
mod pricing;
mod record;
pub mod record_reply;
pub mod reorder;
mod retry;
mod snapshot;
pub mod time_out;
pub mod view_cart;

pub use pricing::{PriceChange, PricingError, SeenPrice};

/// What the use cases work with.
#[derive(Debug, Clone)]
pub struct Ports {
    /// Streams of events.
    pub events: Arc<dyn EventStore>,
    /// What placing an order must know.
    pub desk: Arc<dyn CheckoutDesk>,
    /// Prices.
    pub prices: Arc<dyn PriceList>,
    /// Orders by customer and by deadline.
    pub book: Arc<dyn OrderBook>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The numbers the rules take from the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// How long an order waits for money and stock.
    pub saga_timeout: TimeDelta,
    /// How long a confirmed order may be cancelled.
    pub cancel_window: TimeDelta,
    /// A snapshot is kept each time a stream grows by so many events.
    pub snapshot_every: u64,
}

/// Everything that can be done with orders.
#[derive(Debug, Clone)]
pub struct Orders {
    ports: Ports,
    rules: Rules,
}

impl Orders {
    /// Orders on these ports, by these rules.
    #[must_use]
    pub const fn new(ports: Ports, rules: Rules) -> Self {
        Self { ports, rules }
    }
}

/// Everything that can be done with carts.
#[derive(Debug, Clone)]
pub struct Carts {
    ports: Ports,
    rules: Rules,
}

impl Carts {
    /// Carts on these ports, by these rules.
    #[must_use]
    pub const fn new(ports: Ports, rules: Rules) -> Self {
        Self { ports, rules }
    }
}

/// Takes snapshots on demand.
#[derive(Debug, Clone)]
pub struct Snapshots {
    events: Arc<dyn EventStore>,
    shelf: Arc<dyn SnapshotShelf>,
}

impl Snapshots {
    /// Snapshots of these streams, kept there.
    #[must_use]
    pub const fn new(events: Arc<dyn EventStore>, shelf: Arc<dyn SnapshotShelf>) -> Self {
        Self { events, shelf }
    }
}

#[cfg(test)]
mod memory;
#[cfg(test)]
mod tests;
