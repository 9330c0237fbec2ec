//! Where an order stands, by the facts of `order`.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shop_contracts::order::CancelReason;
use utoipa::ToSchema;

use super::latest;
use crate::fact::{Content, Fact, OrderFact};

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Accepted; money or stock is still uncertain.
    Placed,
    /// Paid and held.
    Confirmed,
    /// Ended without a sale.
    Cancelled,
}

impl Status {
    const ALL: [Self; 3] = [Self::Placed, Self::Confirmed, Self::Cancelled];

    /// Its name on the wire and in the stores.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a status is placed, confirmed or cancelled")]
pub struct UnknownStatus;

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(name: &str) -> Result<Self, UnknownStatus> {
        Self::ALL.into_iter().find(|status| status.name() == name).ok_or(UnknownStatus)
    }
}

/// The course an order took.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) status: Status,
    pub(super) reason: Option<CancelReason>,
    pub(super) confirmed_at: Option<DateTime<Utc>>,
    pub(super) cancelled_at: Option<DateTime<Utc>>,
    pub(super) cancellable_until: Option<DateTime<Utc>>,
}

pub(super) fn fold<'a>(facts: impl Iterator<Item = &'a Fact> + Clone) -> Course {
    let confirmed = latest(facts.clone(), |content| match content {
        Content::Order(OrderFact::Confirmed(said)) => Some(said),
        Content::Order(OrderFact::Placed(_) | OrderFact::Cancelled(_))
        | Content::Payment(_)
        | Content::Stock(_) => None,
    });
    let cancelled = latest(facts.clone(), |content| match content {
        Content::Order(OrderFact::Cancelled(said)) => Some(said),
        Content::Order(OrderFact::Placed(_) | OrderFact::Confirmed(_))
        | Content::Payment(_)
        | Content::Stock(_) => None,
    });
    let status = latest(facts, |content| match content {
        Content::Order(OrderFact::Placed(_)) => Some(Status::Placed),
        Content::Order(OrderFact::Confirmed(_)) => Some(Status::Confirmed),
        Content::Order(OrderFact::Cancelled(_)) => Some(Status::Cancelled),
        Content::Payment(_) | Content::Stock(_) => None,
    })
    .unwrap_or(Status::Placed);
    Course {
        status,
        reason: cancelled.map(|said| said.reason),
        confirmed_at: confirmed.map(|said| said.confirmed_at),
        cancelled_at: cancelled.map(|said| said.cancelled_at),
        cancellable_until: confirmed.map(|said| said.cancellable_until),
    }
}
