//! What the metrics say of reservations, told once a fact is published.

use shop_contracts::catalog::{StockRejected, StockReleased, StockReserved};
use shop_contracts::{Message as _, RawEnvelope};

use crate::SERVICE;

/// Begins every count at zero, so that the first of a kind is seen as a rise.
pub(crate) fn begin() {
    for outcome in ["reserved", "refused", "released"] {
        count(outcome, 0);
    }
}

/// Counts what a published fact says.
pub(crate) fn tell(message: &RawEnvelope) {
    match message.kind.as_str() {
        StockReserved::TYPE => count("reserved", 1),
        StockRejected::TYPE => count("refused", 1),
        StockReleased::TYPE => count("released", 1),
        _ => {}
    }
}

fn count(outcome: &'static str, by: u64) {
    metrics::counter!(
        "stock_reservations_total", "service" => SERVICE.name, "outcome" => outcome,
    )
    .increment(by);
}
