//! What happened to the money, by the facts of `payment`.

use chrono::{DateTime, Utc};
use serde::Serialize;
use shop_contracts::payment::MethodSummary;
use shop_kernel::Money;
use utoipa::ToSchema;
use uuid::Uuid;

use super::place;
use crate::fact::{Content, Fact, PaymentFact};
use crate::schema::{MethodShape, MoneyShape};

/// The money of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MoneyView {
    /// Where it is now.
    pub state: MoneyState,
    /// How it moved, or did not, oldest first.
    pub movements: Vec<Movement>,
}

/// Where the money of an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MoneyState {
    /// With the customer; `payment` has said nothing yet.
    Pending,
    /// With the shop.
    Charged,
    /// With the customer: the charge was refused for good.
    Failed,
    /// With the customer again.
    Refunded,
    /// With the shop, though it is owed: an operator must settle it.
    RefundParked,
}

/// One thing `payment` says about the money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Movement {
    /// What it was.
    pub kind: MovementKind,
    /// How much.
    #[schema(value_type = MoneyShape)]
    pub amount: Money,
    /// From or to what; absent where nothing moved.
    #[schema(value_type = Option<MethodShape>)]
    pub method: Option<MethodSummary>,
    /// Why nothing moved.
    pub reason: Option<String>,
    /// When it was certain.
    pub at: DateTime<Utc>,
    /// The message that said it.
    pub message: Uuid,
}

/// What a movement was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MovementKind {
    /// From the customer to the shop.
    Charge,
    /// A charge that was refused for good.
    ChargeFailed,
    /// From the shop to the customer.
    Refund,
    /// A refund the provider refuses.
    RefundParked,
}

impl MovementKind {
    /// Where the money is after it.
    const fn leaves(self) -> MoneyState {
        match self {
            Self::Charge => MoneyState::Charged,
            Self::ChargeFailed => MoneyState::Failed,
            Self::Refund => MoneyState::Refunded,
            Self::RefundParked => MoneyState::RefundParked,
        }
    }
}

pub(super) fn fold<'a>(facts: impl Iterator<Item = &'a Fact>) -> MoneyView {
    let mut placed: Vec<_> =
        facts.filter_map(|fact| Some((place(fact), movement(fact)?))).collect();
    placed.sort_by_key(|(place, _)| *place);
    let movements: Vec<_> = placed.into_iter().map(|(_, movement)| movement).collect();
    let state = movements.last().map_or(MoneyState::Pending, |last| last.kind.leaves());
    MoneyView { state, movements }
}

fn movement(fact: &Fact) -> Option<Movement> {
    let Content::Payment(said) = &fact.content else {
        return None;
    };
    let (kind, amount, method, reason, at) = match said {
        PaymentFact::Processed(said) => {
            let method = Some(said.method.clone());
            (MovementKind::Charge, said.amount, method, None, said.processed_at)
        }
        PaymentFact::Failed(said) => {
            let reason = Some(said.reason.to_string());
            (MovementKind::ChargeFailed, said.amount, None, reason, said.failed_at)
        }
        PaymentFact::Refunded(said) => {
            let method = Some(said.method.clone());
            (MovementKind::Refund, said.amount, method, None, said.refunded_at)
        }
        PaymentFact::RefundParked(said) => {
            let reason = Some(said.reason.clone());
            (MovementKind::RefundParked, said.amount, None, reason, said.parked_at)
        }
    };
    Some(Movement { kind, amount, method, reason, at, message: fact.id })
}
