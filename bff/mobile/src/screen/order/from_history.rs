//! An order as `order-history` tells it.

use std::collections::HashMap;

use shop_kernel::ProductId;

use super::{MoneyPart, Movement, OrderLine, OrderScreen, Step};
use crate::http::taste::Taste;
use crate::upstream::catalog::Product;
use crate::upstream::history::{self, Moved, Shown};

impl OrderScreen {
    pub(super) fn from_history(
        shown: Shown,
        products: &HashMap<ProductId, Product>,
        taste: Taste,
        degraded: bool,
    ) -> Self {
        let line = |line| OrderLine::of(line, products, taste);
        Self {
            id: shown.order,
            status: shown.status,
            reason: shown.reason,
            total: shown.total,
            lines: shown.lines.into_iter().map(line).collect(),
            ship_to: shown.ship_to.into(),
            money: Some(shown.money.into()),
            stock: shown.stock.state,
            steps: shown.timeline.into_iter().map(Step::from).collect(),
            placed_at: shown.placed_at,
            cancellable_until: shown.cancellable_until,
            replaces: shown.replaces,
            degraded,
        }
    }
}

impl From<Moved> for MoneyPart {
    fn from(moved: Moved) -> Self {
        let movements = moved.movements.into_iter().map(|movement| Movement {
            kind: movement.kind,
            amount: movement.amount,
            reason: movement.reason,
            at: Some(movement.at),
        });
        Self { state: moved.state, movements: movements.collect() }
    }
}

impl From<history::Step> for Step {
    fn from(step: history::Step) -> Self {
        Self { kind: kind(&step.kind), at: step.time }
    }
}

/// The wire types of the facts in `order`'s words: `order.placed.v1` is `placed`,
/// `stock.reserved.v1` is `stock-reserved`.
fn kind(wire_type: &str) -> String {
    let name = wire_type.rsplit_once(".v").map_or(wire_type, |(name, _)| name);
    name.strip_prefix("order.").unwrap_or(name).replace('.', "-")
}

#[cfg(test)]
mod tests {
    #[test]
    fn facts_are_named_as_in_order() {
        for (wire_type, kind) in [
            ("order.placed.v1", "placed"),
            ("payment.refund-parked.v1", "payment-refund-parked"),
            ("stock.reserved.v12", "stock-reserved"),
        ] {
            assert_eq!(super::kind(wire_type), kind);
        }
    }
}
