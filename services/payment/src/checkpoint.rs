//! The places between two steps where the process may die, and what must be true all the same.
//!
//! Production passes them by. A test stops there, starts the service anew and looks whether the
//! effect happened once.

use std::fmt::Debug;

use async_trait::async_trait;

/// A step just taken by a handler or a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The transaction holds the inbox row.
    InboxWritten,
    /// What is stored was read.
    Read,
    /// The transaction holds the payment.
    PaymentWritten,
    /// It holds the store credit too, if any.
    CreditWritten,
    /// It holds the work that has become due, if any.
    WorkWritten,
    /// It holds the message for others, if any.
    OutboxWritten,
    /// It ends the lease, if there is one; only the commit is missing.
    LeaseEnded,
    /// It is committed; nobody has been woken or answered.
    Committed,
    /// The provider is about to be asked.
    AboutToAsk,
    /// The provider has answered; nothing of it is stored.
    Answered,
}

impl Step {
    /// Every step, in the order a message or a piece of work meets them.
    pub const ALL: [Self; 10] = [
        Self::InboxWritten,
        Self::Read,
        Self::PaymentWritten,
        Self::CreditWritten,
        Self::WorkWritten,
        Self::OutboxWritten,
        Self::LeaseEnded,
        Self::Committed,
        Self::AboutToAsk,
        Self::Answered,
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
pub struct Uninterrupted;

#[async_trait]
impl Checkpoint for Uninterrupted {
    async fn reached(&self, _: Step) {}
}
