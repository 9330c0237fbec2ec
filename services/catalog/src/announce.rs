//! What others learn about products and stock: the only place where messages are made.

use chrono::{DateTime, Utc};
use shop_contracts::catalog::{
    ProductChanged, ShortLine, StockLine, StockRejected, StockReleased, StockReserved,
};
use shop_contracts::{Envelope, Message, RawEnvelope};
use shop_kernel::{CustomerId, OrderId};
use uuid::Uuid;

use crate::product::Product;

const SOURCE: &str = "/catalog";

/// The answer to an order is the first fact about its stock, its release the second.
const ANSWER: u64 = 1;
const RELEASE: u64 = 2;

/// The order a message about stock belongs to, and what led to it.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The order.
    pub order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The message this one answers.
    pub cause: Uuid,
    /// When it became a fact.
    pub at: DateTime<Utc>,
}

/// Says that every line is held.
///
/// # Errors
/// When the message has no JSON form, which none of these lacks.
pub fn reserved(about: About, lines: &[StockLine]) -> Result<RawEnvelope, serde_json::Error> {
    let About { order, customer, .. } = about;
    stock(about, ANSWER, StockReserved { order, customer, lines: lines.to_vec() })
}

/// Says that nothing is held, and which lines were short.
///
/// # Errors
/// When the message has no JSON form, which none of these lacks.
pub fn rejected(about: About, short: Vec<ShortLine>) -> Result<RawEnvelope, serde_json::Error> {
    let About { order, customer, .. } = about;
    stock(about, ANSWER, StockRejected { order, customer, short })
}

/// Says that what was held is free again.
///
/// # Errors
/// When the message has no JSON form, which none of these lacks.
pub fn released(about: About, lines: &[StockLine]) -> Result<RawEnvelope, serde_json::Error> {
    let About { order, customer, .. } = about;
    stock(about, RELEASE, StockReleased { order, customer, lines: lines.to_vec() })
}

/// Says what a product is now.
///
/// # Errors
/// When the message has no JSON form, which none of these lacks.
pub fn product_changed(
    product: &Product,
    at: DateTime<Utc>,
) -> Result<RawEnvelope, serde_json::Error> {
    let data = ProductChanged {
        product: product.id,
        version: product.version,
        name: product.details.name.clone(),
        prices: product.details.price.all(),
        on_sale: product.details.on_sale,
    };
    Envelope::new(SOURCE, product.id, product.version, at, data)
        .traced(chassis_messaging::trace::current_traceparent())
        .into_raw()
}

fn stock<T: Message>(
    about: About,
    version: u64,
    data: T,
) -> Result<RawEnvelope, serde_json::Error> {
    Envelope::new(SOURCE, about.order, version, about.at, data)
        .correlated(about.order)
        .caused_by(Some(about.cause))
        .traced(chassis_messaging::trace::current_traceparent())
        .into_raw()
}

#[cfg(test)]
mod tests;
