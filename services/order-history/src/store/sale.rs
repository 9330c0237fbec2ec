//! What sales figures are summed from, and the sums.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shop_kernel::{Currency, LocalizedText, Money, ProductId, Quantity};

use crate::view::OrderView;

/// A confirmed order as sales figures see it; stored with its document, gone when it is cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// The UTC day it was confirmed.
    pub day: NaiveDate,
    /// Of all its amounts.
    pub currency: Currency,
    /// The total in minor units.
    pub minor: i64,
    /// How many pieces.
    pub quantity: i64,
    /// By product.
    pub lines: Vec<SaleLine>,
}

/// One product of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLine {
    /// The product.
    pub product: ProductId,
    /// Its name on that day.
    pub name: LocalizedText,
    /// How many pieces.
    pub quantity: i64,
    /// Their price in minor units.
    pub minor: i64,
}

impl Sale {
    /// The sale an order is; none while it is not confirmed.
    #[must_use]
    pub fn of(view: &OrderView) -> Option<Self> {
        let day = view.sold_on()?;
        let pieces = |quantity: Quantity| i64::from(quantity.get());
        Some(Self {
            day,
            currency: view.total.currency,
            minor: view.total.minor,
            quantity: view.lines.iter().map(|line| pieces(line.quantity)).sum(),
            lines: view
                .lines
                .iter()
                .map(|line| SaleLine {
                    product: line.product,
                    name: line.name.clone(),
                    quantity: pieces(line.quantity),
                    minor: line.total.minor,
                })
                .collect(),
        })
    }
}

/// What was sold on one day in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySales {
    /// The UTC day.
    pub day: NaiveDate,
    /// How many orders.
    pub orders: i64,
    /// How many pieces.
    pub quantity: i64,
    /// For how much.
    pub total: Money,
}

/// What was sold of one product in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductSales {
    /// The product.
    pub product: ProductId,
    /// Its name in the newest of these sales.
    pub name: LocalizedText,
    /// In how many orders.
    pub orders: i64,
    /// How many pieces.
    pub quantity: i64,
    /// For how much.
    pub total: Money,
}
