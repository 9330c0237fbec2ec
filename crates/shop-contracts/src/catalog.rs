//! What the catalog service tells others.

use serde::{Deserialize, Serialize};
use shop_kernel::{CustomerId, LocalizedText, Money, OrderId, ProductId, Quantity};

use crate::Message;

/// A count of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockLine {
    /// The product.
    pub product: ProductId,
    /// How many.
    pub quantity: Quantity,
}

/// Every line of the order is held. The subject is the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockReserved {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What is held.
    pub lines: Vec<StockLine>,
}

impl Message for StockReserved {
    const TYPE: &'static str = "stock.reserved.v1";
}

/// Nothing is held, because something was short. The subject is the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockRejected {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The lines that were short; never empty.
    pub short: Vec<ShortLine>,
}

impl Message for StockRejected {
    const TYPE: &'static str = "stock.rejected.v1";
}

/// A line that could not be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortLine {
    /// The product.
    pub product: ProductId,
    /// How many were asked for.
    pub requested: Quantity,
    /// How many there were.
    pub available: u32,
}

/// What was held for the order is free again. The subject is the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockReleased {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What was released.
    pub lines: Vec<StockLine>,
}

impl Message for StockReleased {
    const TYPE: &'static str = "stock.released.v1";
}

/// A product as others may know it, whole; never its stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductChanged {
    /// The product.
    pub product: ProductId,
    /// Counts the product's changes, from 1; a newer one replaces an older one whole.
    pub version: u64,
    /// Its name.
    pub name: LocalizedText,
    /// Its price in each currency.
    pub prices: Vec<Money>,
    /// Whether it may be bought.
    pub on_sale: bool,
}

impl Message for ProductChanged {
    const TYPE: &'static str = "catalog.product.changed.v1";
}
