//! What every service says it has, read at one quiet moment.

use std::collections::BTreeMap;

use serde::Deserialize;
use shop_contracts::catalog::StockLine;
use shop_kernel::{Currency, Money, OrderId, PaymentId, ProductId};
use uuid::Uuid;

/// The books of the whole shop.
#[derive(Debug, Default)]
pub struct Books {
    /// Orders, by `order`'s event store.
    pub orders: BTreeMap<OrderId, Order>,
    /// Streams with a gap or a double, and idempotency keys with two orders, in words.
    pub broken_streams: Vec<String>,
    /// Customers' keys that led to two orders, in words.
    pub doubled_keys: Vec<String>,
    /// Payments, by order.
    pub payments: BTreeMap<OrderId, Payment>,
    /// What the provider says it did.
    pub ledger: Vec<Entry>,
    /// Products and their stock.
    pub products: BTreeMap<ProductId, Product>,
    /// What is reserved for orders.
    pub reservations: BTreeMap<OrderId, Reservation>,
    /// The read model's documents, as digests of what they show.
    pub documents: BTreeMap<OrderId, String>,
    /// The same, folded from the producers' feeds by this audit.
    pub folded: BTreeMap<OrderId, String>,
    /// Mails by order and kind, and how often each was written.
    pub mails: BTreeMap<(OrderId, String), u64>,
    /// Dead letters, by queue.
    pub dead: Vec<DeadLetter>,
}

/// An order as its events tell it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Order {
    /// The order.
    pub order: OrderId,
    /// `provisional`, `confirmed` or `cancelled`.
    pub status: String,
    /// The sum of its lines.
    pub total: Money,
    /// What it asks for.
    pub lines: Vec<StockLine>,
}

/// A payment, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Payment {
    /// The payment.
    pub payment: PaymentId,
    /// Its order.
    pub order: OrderId,
    /// Absent where only a cancellation is known.
    pub currency: Option<Currency>,
    /// `card` or `store-credit`: only cards are in the provider's ledger.
    pub method: Option<String>,
    /// What was charged.
    pub charged: i64,
    /// What was given back.
    pub refunded: i64,
    /// What a parked refund owes.
    pub parked: i64,
}

/// A line of the provider's ledger that moved money, or did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A charge that was approved.
    Charged {
        /// Its idempotency key: the payment.
        key: String,
        /// How much.
        amount: Money,
    },
    /// A refund that went through.
    Refunded {
        /// The key of the charge.
        charge: String,
        /// How much.
        amount: Money,
    },
}

/// A product's stock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// The product.
    pub product: ProductId,
    /// The sum of all its adjustments.
    pub adjusted: i64,
    /// How many can be bought.
    pub available: i64,
    /// How many are held for orders.
    pub held: i64,
}

/// What catalog decided about an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Reservation {
    /// The order.
    pub order: OrderId,
    /// `reserved` holds the lines; nothing else does.
    pub state: String,
    /// What it asked for.
    pub lines: Vec<StockLine>,
}

/// A message nobody could handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Whose queue it is in.
    pub queue: String,
    /// The message.
    pub message: Uuid,
    /// Why it is there.
    pub reason: String,
}
