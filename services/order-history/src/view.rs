//! What is shown of an order: a pure fold over the facts known about it.
//!
//! Each producer has the last word on its own part, by its own stream versions: `order` on the
//! status, `payment` on the money, `catalog` on the stock. No clock decides anything.

mod digest;
mod money;
mod status;
mod stock;
mod timeline;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use shop_contracts::order::{CancelReason, PricedLine};
use shop_kernel::{CustomerId, Money, OrderId};
use utoipa::ToSchema;
use uuid::Uuid;

pub use money::{MoneyState, MoneyView, Movement, MovementKind};
pub use status::Status;
pub use stock::{StockState, StockView};
pub use timeline::Step;

use crate::fact::{Content, Fact, OrderFact, Placed, ShipTo};
use crate::schema::{LineShape, MoneyShape};

/// One order, as its facts tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrderView {
    /// The order.
    #[schema(value_type = String, example = "ord_0190f3d2c5a07bb1a7d1c1e5a3b4c5d6")]
    pub order: OrderId,
    /// Whose it is.
    #[schema(value_type = String, example = "cus_0190f3d2c5a07bb1a7d1c1e5a3b4c5d6")]
    pub customer: CustomerId,
    /// Where it stands.
    pub status: Status,
    /// Why it was cancelled.
    #[schema(value_type = Option<String>, example = "out-of-stock")]
    pub reason: Option<CancelReason>,
    /// The sum of the lines.
    #[schema(value_type = MoneyShape)]
    pub total: Money,
    /// What was bought, in the order of the cart.
    #[schema(value_type = Vec<LineShape>)]
    pub lines: Vec<PricedLine>,
    /// Where it goes.
    pub ship_to: ShipTo,
    /// What happened to the money.
    pub money: MoneyView,
    /// What happened to the stock.
    pub stock: StockView,
    /// Every fact, causes before their effects.
    pub timeline: Vec<Step>,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// When it gives up waiting for money and stock.
    pub expires_at: DateTime<Utc>,
    /// When it was confirmed, even if it was cancelled later.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Until when the customer may cancel it; absent once it is cancelled.
    pub cancellable_until: Option<DateTime<Utc>>,
    /// The cancelled order it bought again.
    #[schema(value_type = Option<String>)]
    pub replaces: Option<OrderId>,
    /// How many facts this was folded from.
    pub revision: u64,
}

impl OrderView {
    /// Folds facts of one order, in whatever sequence; nothing without an `order.placed`.
    #[must_use]
    pub fn of<'a>(order: OrderId, facts: impl Iterator<Item = &'a Fact> + Clone) -> Option<Self> {
        let placed = placed(facts.clone())?;
        let course = status::fold(facts.clone());
        Some(Self {
            order,
            customer: placed.customer,
            status: course.status,
            reason: course.reason,
            total: placed.total,
            lines: placed.lines.clone(),
            ship_to: placed.ship_to.clone(),
            money: money::fold(facts.clone()),
            stock: stock::fold(facts.clone()),
            timeline: timeline::fold(facts.clone()),
            placed_at: placed.placed_at,
            expires_at: placed.expires_at,
            confirmed_at: course.confirmed_at,
            cancelled_at: course.cancelled_at,
            cancellable_until: match course.status {
                // Undecided orders can always be cancelled, and at this moment they decide.
                Status::Placed => Some(placed.expires_at),
                Status::Confirmed => course.cancellable_until,
                Status::Cancelled => None,
            },
            replaces: placed.replaces,
            revision: facts.count() as u64,
        })
    }

    /// The UTC day the sale was made on; none while it is no sale.
    #[must_use]
    pub fn sold_on(&self) -> Option<NaiveDate> {
        let is_sale = self.status == Status::Confirmed;
        self.confirmed_at.filter(|_| is_sale).map(|at| at.date_naive())
    }
}

fn placed<'a>(facts: impl Iterator<Item = &'a Fact>) -> Option<&'a Placed> {
    latest(facts, |content| match content {
        Content::Order(OrderFact::Placed(said)) => Some(said.as_ref()),
        Content::Order(OrderFact::Confirmed(_) | OrderFact::Cancelled(_))
        | Content::Payment(_)
        | Content::Stock(_) => None,
    })
}

/// What the newest of the picked facts says, by stream version.
fn latest<'a, T>(
    facts: impl Iterator<Item = &'a Fact>,
    pick: impl Fn(&'a Content) -> Option<T>,
) -> Option<T> {
    facts
        .filter_map(|fact| Some((place(fact), pick(&fact.content)?)))
        .max_by_key(|(place, _)| *place)
        .map(|(_, said)| said)
}

/// Where a fact stands in its producer's stream. Versions are unique there; the id makes the
/// fold a function even of facts that break this.
fn place(fact: &Fact) -> (u64, Uuid) {
    (fact.version, fact.id)
}
