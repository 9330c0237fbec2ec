//! Who hears what: the one routing table.

use crate::Message as _;
use crate::catalog::{ProductChanged, StockRejected, StockReleased, StockReserved};
use crate::order::{OrderCancelled, OrderConfirmed, OrderPlaced};
use crate::payment::{PaymentFailed, PaymentProcessed, PaymentRefunded, RefundParked};

/// The topic exchange every fact is published to, under its type as routing key.
pub const EXCHANGE: &str = "shop.events";

/// A durable queue: one per consumer and purpose, with `<name>.dead` beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// `<service>.<purpose>`.
    pub name: &'static str,
    /// The types that are put into it.
    pub types: &'static [&'static str],
}

/// Orders to charge, and orders to undo.
pub const PAYMENT_ORDERS: Queue =
    Queue { name: "payment.orders", types: &[OrderPlaced::TYPE, OrderCancelled::TYPE] };

/// Orders to reserve stock for, and orders to release it for.
pub const CATALOG_ORDERS: Queue =
    Queue { name: "catalog.orders", types: &[OrderPlaced::TYPE, OrderCancelled::TYPE] };

/// The answers an order waits for.
pub const ORDER_REPLIES: Queue = Queue {
    name: "order.replies",
    types: &[PaymentProcessed::TYPE, PaymentFailed::TYPE, StockReserved::TYPE, StockRejected::TYPE],
};

/// Prices, for the copy the order service prices with.
pub const ORDER_PRICES: Queue = Queue { name: "order.prices", types: &[ProductChanged::TYPE] };

/// What a customer is written about.
pub const EMAIL_NOTICES: Queue = Queue {
    name: "email.notices",
    types: &[
        OrderPlaced::TYPE,
        OrderConfirmed::TYPE,
        OrderCancelled::TYPE,
        PaymentProcessed::TYPE,
        PaymentRefunded::TYPE,
    ],
};

/// Every fact of an order, for the read model.
pub const HISTORY_FACTS: Queue = Queue {
    name: "order-history.facts",
    types: &[
        OrderPlaced::TYPE,
        OrderConfirmed::TYPE,
        OrderCancelled::TYPE,
        PaymentProcessed::TYPE,
        PaymentFailed::TYPE,
        PaymentRefunded::TYPE,
        RefundParked::TYPE,
        StockReserved::TYPE,
        StockRejected::TYPE,
        StockReleased::TYPE,
    ],
};

/// Every queue. Each process declares all of them before it publishes, so that nothing is lost
/// before a consumer's first start.
pub const QUEUES: [Queue; 6] =
    [PAYMENT_ORDERS, CATALOG_ORDERS, ORDER_REPLIES, ORDER_PRICES, EMAIL_NOTICES, HISTORY_FACTS];

/// The queues a message of `kind` goes to.
pub fn queues_for(kind: &str) -> impl Iterator<Item = Queue> {
    QUEUES.into_iter().filter(move |queue| queue.types.contains(&kind))
}

/// The queue of that name.
#[must_use]
pub fn queue(name: &str) -> Option<Queue> {
    QUEUES.into_iter().find(|queue| queue.name == name)
}
