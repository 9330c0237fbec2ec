//! What the use cases need from outside: the books, the cards on file, the provider.

use std::error::Error;

use async_trait::async_trait;
use shop_kernel::{Currency, CustomerId, PaymentId, PaymentMethodId};

use crate::domain::{
    CardOnFile, ChargeAnswer, ChargeRequest, CreditAccount, PaymentEvent, Record, RefundAnswer,
    RefundRequest,
};

/// Something stored, and the revision it was read at; 0 when it is not stored yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revised<T> {
    /// The thing.
    pub value: T,
    /// Counts its changes.
    pub revision: i64,
}

/// The books of payment, opened for one occasion: a message, a piece of leased work, an operator.
///
/// What makes the occasion happen once (the message's inbox row, the work's lease) is the books'
/// own: they commit it together with the change, and refuse the change when the occasion is over.
#[async_trait]
pub trait Books: Send + Sync {
    /// What is kept about a payment.
    async fn record(&self, payment: PaymentId) -> Result<Option<Revised<Record>>, StoreError>;

    /// A customer's store credit; none until it is used or given a limit.
    async fn credit(
        &self,
        customer: CustomerId,
        currency: Currency,
    ) -> Result<Option<Revised<CreditAccount>>, StoreError>;

    /// Commits a change whole or not at all: the record, the credit, the message that announces
    /// the event, the work the new state waits for, and the end of the occasion.
    ///
    /// Leased work is over unless the new state still waits for that same work.
    async fn save(&self, change: Change) -> Result<(), SaveError>;
}

/// What one occasion changes. With nothing but `read`, it only ends the occasion.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The record the decision was made on.
    pub read: Option<Revised<Record>>,
    /// What it becomes.
    pub record: Option<Record>,
    /// What happened by that.
    pub event: Option<PaymentEvent>,
    /// What the store credit becomes, with the revision it was read at.
    pub credit: Option<Revised<CreditAccount>>,
}

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is away or too busy; the same may work later.
    #[error("the store is away")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// It refused, or what it keeps makes no sense.
    #[error("the store failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

/// Why a change was not committed.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Something it was decided upon has changed: read and decide again.
    #[error("the payment has changed meanwhile")]
    Conflict,
    /// The message was taken in before, or the lease is lost: the effect is another's.
    #[error("somebody else has done it")]
    Superseded,
    /// The store did not answer; the change may be committed or not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The tokenised cards of all customers.
#[async_trait]
pub trait Cards: Send + Sync {
    /// A card that was not removed.
    async fn find(&self, id: PaymentMethodId) -> Result<Option<CardOnFile>, StoreError>;
}

/// Moves money on cards.
///
/// Only definite answers are answers. Whatever leaves it open whether money moved (time-outs,
/// 5xx, garbage) is [`NoAnswer`], and the caller asks again with the same words.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Takes money; under one key at most once.
    async fn charge(&self, request: &ChargeRequest) -> Result<ChargeAnswer, NoAnswer>;

    /// Gives all of a charge back; under one key at most once.
    async fn refund(&self, request: &RefundRequest) -> Result<RefundAnswer, NoAnswer>;
}

/// The provider gave no definite answer.
#[derive(Debug, thiserror::Error)]
#[error("the provider gave no definite answer: {reason}")]
pub struct NoAnswer {
    /// What it did instead.
    pub reason: String,
}
