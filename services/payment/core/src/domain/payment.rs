//! The payment of one order: charged at most once, and given back when the order is cancelled.

mod charge;
mod refund;

use chrono::{DateTime, Utc};
use shop_contracts::payment::FailureReason;
use shop_kernel::{PaymentId, RefundId};

pub use self::charge::Begin;
use super::{Bill, CreditError, PaymentEvent, State, payment_of, refund_of};

/// The payment of one order.
///
/// Every change takes it from one [`State`] to another and yields at most one [`PaymentEvent`], so
/// the count of events is the version under which the latest one is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    bill: Bill,
    state: State,
    version: u64,
}

/// Why a payment cannot do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// An answer came for a question that was never asked.
    #[error("there is an answer to a call that was never begun")]
    NeverBegun,
    /// It is paid in another way than the act is for.
    #[error("the payment is not made with this kind of method")]
    OtherMethod,
    /// Only a parked refund can be tried again.
    #[error("the payment has no parked refund")]
    NotParked,
    /// The store credit account contradicts the payment.
    #[error("the store credit account does not allow it")]
    Credit(#[source] CreditError),
}

impl Payment {
    /// A payment that is due.
    #[must_use]
    pub const fn open(bill: Bill) -> Self {
        Self { bill, state: State::Due, version: 0 }
    }

    /// A payment whose order was cancelled before it was placed, as seen from here.
    #[must_use]
    pub const fn withdrawn(bill: Bill) -> Self {
        Self { bill, state: State::Withdrawn, version: 0 }
    }

    /// A payment as a store kept it.
    #[must_use]
    pub const fn stored(bill: Bill, state: State, version: u64) -> Self {
        Self { bill, state, version }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> PaymentId {
        payment_of(self.bill.order)
    }

    /// The id its refund has, if there is ever one.
    #[must_use]
    pub fn refund_id(&self) -> RefundId {
        refund_of(self.id())
    }

    /// What is to be paid.
    #[must_use]
    pub const fn bill(&self) -> &Bill {
        &self.bill
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// How many events it has had.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Undoes the payment, or sees to it that it will be undone; whether that changed anything.
    pub fn cancel(&mut self) -> bool {
        let next = match &self.state {
            State::Due => State::Withdrawn,
            State::Charging { token, method, cancelled: false } => {
                State::Charging { token: token.clone(), method: method.clone(), cancelled: true }
            }
            State::Charged(charge) => {
                State::RefundDue { charge: charge.clone(), refusals: 0, parked_before: false }
            }
            State::Charging { cancelled: true, .. }
            | State::Withdrawn
            | State::Failed { .. }
            | State::RefundDue { .. }
            | State::RefundParked { .. }
            | State::Refunded { .. } => return false,
        };
        self.state = next;
        true
    }

    fn fail(&mut self, reason: FailureReason, at: DateTime<Utc>) -> PaymentEvent {
        self.become_after(State::Failed { reason, at }, PaymentEvent::Failed { reason, at })
    }

    fn become_after(&mut self, state: State, event: PaymentEvent) -> PaymentEvent {
        self.version = self.version.saturating_add(1);
        self.state = state;
        event
    }
}

#[cfg(test)]
mod tests;
