//! The places between two steps where the process may die, and what must be true all the same.
//!
//! Production passes them by. A test stops there and looks whether the effect happened once.

use std::fmt::Debug;

use async_trait::async_trait;

/// A step just taken for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The transaction holds the inbox row.
    InboxWritten,
    /// It holds what is decided about the order.
    Decided,
    /// It holds the lines of the order.
    LinesWritten,
    /// It has locked the stock of every line.
    StockLocked,
    /// It holds the stock as it will be.
    StockMoved,
    /// It holds the message for others; only the commit is missing.
    OutboxWritten,
    /// It is committed; nobody has been woken or answered.
    Committed,
}

impl Step {
    /// Every step, in the order a message meets them.
    pub const ALL: [Self; 7] = [
        Self::InboxWritten,
        Self::Decided,
        Self::LinesWritten,
        Self::StockLocked,
        Self::StockMoved,
        Self::OutboxWritten,
        Self::Committed,
    ];
}

/// Is told of every step; may never return, as a process that dies does not.
#[async_trait]
pub trait Checkpoint: Send + Sync + Debug {
    /// `step` was just taken.
    async fn reached(&self, step: Step);
}

/// Goes on, always.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Uninterrupted;

#[async_trait]
impl Checkpoint for Uninterrupted {
    async fn reached(&self, _: Step) {}
}
