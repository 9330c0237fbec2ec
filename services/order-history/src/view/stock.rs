//! What happened to the stock, by the facts of `catalog`.

use serde::Serialize;
use shop_contracts::catalog::ShortLine;
use utoipa::ToSchema;

use super::latest;
use crate::fact::{Content, Fact, StockFact};
use crate::schema::ShortShape;

/// The stock of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StockView {
    /// Whether it is held now.
    pub state: StockState,
    /// The lines that were short, when it was rejected.
    #[schema(value_type = Vec<ShortShape>)]
    pub short: Vec<ShortLine>,
}

/// Whether the stock of an order is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StockState {
    /// `catalog` has said nothing yet.
    Pending,
    /// Every line is held.
    Held,
    /// Nothing was ever held.
    Rejected,
    /// What was held is free again.
    Released,
}

pub(super) fn fold<'a>(facts: impl Iterator<Item = &'a Fact>) -> StockView {
    let last = latest(facts, |content| match content {
        Content::Stock(said) => Some(said),
        Content::Order(_) | Content::Payment(_) => None,
    });
    match last {
        None => StockView { state: StockState::Pending, short: Vec::new() },
        Some(StockFact::Reserved(_)) => StockView { state: StockState::Held, short: Vec::new() },
        Some(StockFact::Rejected(said)) => {
            StockView { state: StockState::Rejected, short: said.short.clone() }
        }
        Some(StockFact::Released(_)) => {
            StockView { state: StockState::Released, short: Vec::new() }
        }
    }
}
