//! What one decision writes.

use chrono::{DateTime, Utc};
use shop_contracts::RawEnvelope;
use shop_contracts::order::CancelReason;
use shop_contracts::routing::Queue;
use shop_kernel::{CustomerId, Money};
use uuid::Uuid;

use super::checkout::{Reply, RequestKey};
use crate::domain::cart_event::CartOwner;
use crate::domain::history::StreamId;
use crate::domain::stored::{Snapshot, StoredEvent};

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
