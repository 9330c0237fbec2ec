//! What is kept about the money of one order, whichever of its messages comes first.

use shop_kernel::{CustomerId, OrderId};

use super::{Bill, Payment};

/// What is kept about the money of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// The cancellation came before the order itself: when that comes, nothing is charged.
    Tombstone {
        /// The order.
        order: OrderId,
        /// Whose it is.
        customer: CustomerId,
    },
    /// The order's payment.
    Payment(Payment),
}

impl Record {
    /// What an order leads to; `None` when it was known before.
    #[must_use]
    pub fn placed(known: Option<&Self>, bill: Bill) -> Option<Self> {
        match known {
            None => Some(Self::Payment(Payment::open(bill))),
            Some(Self::Tombstone { .. }) => Some(Self::Payment(Payment::withdrawn(bill))),
            Some(Self::Payment(_)) => None,
        }
    }

    /// What a cancellation leads to; `None` when there is nothing (more) to undo.
    #[must_use]
    pub fn cancelled(known: Option<&Self>, order: OrderId, customer: CustomerId) -> Option<Self> {
        match known {
            None => Some(Self::Tombstone { order, customer }),
            Some(Self::Tombstone { .. }) => None,
            Some(Self::Payment(payment)) => {
                let mut payment = payment.clone();
                payment.cancel().then_some(Self::Payment(payment))
            }
        }
    }

    /// The order it is about.
    #[must_use]
    pub const fn order(&self) -> OrderId {
        match self {
            Self::Tombstone { order, .. } => *order,
            Self::Payment(payment) => payment.bill().order,
        }
    }

    /// Whose order it is.
    #[must_use]
    pub const fn customer(&self) -> CustomerId {
        match self {
            Self::Tombstone { customer, .. } => *customer,
            Self::Payment(payment) => payment.bill().customer,
        }
    }

    /// The payment, unless only its cancellation is known.
    #[must_use]
    pub const fn payment(&self) -> Option<&Payment> {
        match self {
            Self::Tombstone { .. } => None,
            Self::Payment(payment) => Some(payment),
        }
    }
}
