//! The use cases: read, decide, save; and again when somebody was faster.

mod charge;
mod orders;
mod refund;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use shop_kernel::{Clock, Currency, Money, PaymentId};

use crate::domain::{CreditError, PaymentError};
use crate::ports::{Cards, Provider, SaveError, StoreError};

/// How often a decision is made again because somebody was faster, before giving up.
///
/// A payment is touched by its order, its worker and an operator; more rounds than this mean that
/// the revisions are broken, and a loop must not hide it.
const ROUNDS: u32 = 16;

/// What a shop decides about its payments.
#[derive(Debug, Clone)]
pub struct Policy {
    /// How often a refund is asked for before it is parked.
    pub refund_attempts: u32,
    /// What a customer may owe by default, per currency; nothing where a currency is missing.
    pub credit_limits: BTreeMap<Currency, i64>,
}

impl Policy {
    /// The limit of a credit account that nobody has set one for.
    #[must_use]
    pub fn credit_limit(&self, currency: Currency) -> Money {
        Money::new(self.credit_limits.get(&currency).copied().unwrap_or_default(), currency)
    }
}

/// The use cases of payment.
#[derive(Clone)]
pub struct Payments {
    cards: Arc<dyn Cards>,
    provider: Arc<dyn Provider>,
    clock: Arc<dyn Clock>,
    policy: Policy,
}

impl std::fmt::Debug for Payments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Payments").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// How far a call to the outside has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Its answer is stored, or there is nothing to ask (any more).
    Settled,
    /// It must be made again later, for this reason.
    Again(String),
}

/// Why a use case could not be carried through. All but the contradictions pass with time.
#[derive(Debug, thiserror::Error)]
pub enum PaymentsError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Others were faster again and again.
    #[error("payment {0} changes too fast to be changed")]
    Contended(PaymentId),
    /// No such payment.
    #[error("there is no payment {0}")]
    Unknown(PaymentId),
    /// What is stored contradicts what was asked.
    #[error("payment {0} does not allow it")]
    Payment(PaymentId, #[source] PaymentError),
    /// The store credit account makes no sense.
    #[error("the store credit account makes no sense")]
    Credit(#[from] CreditError),
}

impl Payments {
    /// The use cases over these ports.
    #[must_use]
    pub fn new(
        cards: Arc<dyn Cards>,
        provider: Arc<dyn Provider>,
        clock: Arc<dyn Clock>,
        policy: Policy,
    ) -> Self {
        Self { cards, provider, clock, policy }
    }

    /// What the shop decided.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
}

/// Whether a saved change settles the matter; `false` asks for another round.
fn settled(saved: Result<(), SaveError>) -> Result<bool, StoreError> {
    match saved {
        // Superseded: whoever was faster has done all there was to do here.
        Ok(()) | Err(SaveError::Superseded) => Ok(true),
        Err(SaveError::Conflict) => Ok(false),
        Err(SaveError::Store(error)) => Err(error),
    }
}
