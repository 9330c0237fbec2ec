//! Orders as they are listed.

use chrono::{DateTime, Utc};
use shop_kernel::{CustomerId, Money, OrderId};

use super::change::Standing;

/// Which orders a page shows.
#[derive(Debug, Clone, Default)]
pub struct PageQuery {
    /// Only this customer's.
    pub customer: Option<CustomerId>,
    /// Only those in this state: `provisional`, `confirmed` or `cancelled`.
    pub status: Option<&'static str>,
    /// Only those placed before this one.
    pub before: Option<OrderId>,
    /// At most so many.
    pub limit: u32,
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSummary {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Where it stands.
    pub standing: Standing,
    /// What is to be paid.
    pub total: Money,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
}

/// A provisional order whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// The order.
    pub order: OrderId,
    /// The trace it was placed in.
    pub traceparent: Option<String>,
}
