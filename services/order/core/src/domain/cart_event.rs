//! What happens to a cart, as it is kept for ever.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shop_kernel::{CartId, CustomerId, GuestId, OrderId, ProductId, Quantity};

use super::history::{CorruptHistory, Event};

/// Something that happened to a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum CartEvent {
    /// Someone put the first thing into a new cart.
    Opened {
        /// The cart.
        cart: CartId,
        /// Whose it is.
        owner: CartOwner,
        /// When.
        at: DateTime<Utc>,
    },
    /// A product now has this quantity.
    QuantitySet {
        /// The product.
        product: ProductId,
        /// How many there are now.
        quantity: Quantity,
    },
    /// A product was taken out.
    LineRemoved {
        /// The product.
        product: ProductId,
    },
    /// What a guest had gathered came into this cart.
    MergedFrom {
        /// The guest's cart.
        cart: CartId,
        /// The quantities that changed, as they are now.
        lines: Vec<CartLine>,
    },
    /// The guest signed in, and this cart went into theirs.
    MergedInto {
        /// The customer's cart.
        cart: CartId,
    },
    /// The cart became an order.
    CheckedOut {
        /// The order.
        order: OrderId,
    },
}

/// Whose cart it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CartOwner {
    /// Someone who has signed in.
    Customer(CustomerId),
    /// Someone who has not.
    Guest(GuestId),
}

impl std::fmt::Display for CartOwner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Customer(id) => id.fmt(f),
            Self::Guest(id) => id.fmt(f),
        }
    }
}

/// A product and how many of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// The product.
    pub product: ProductId,
    /// How many.
    pub quantity: Quantity,
}

impl Event for CartEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::QuantitySet { .. } => "quantity-set",
            Self::LineRemoved { .. } => "line-removed",
            Self::MergedFrom { .. } => "merged-from",
            Self::MergedInto { .. } => "merged-into",
            Self::CheckedOut { .. } => "checked-out",
        }
    }

    fn schema(_kind: &str) -> u32 {
        1
    }

    fn upcast(kind: &str, schema: u32, _data: Value) -> Result<Value, CorruptHistory> {
        Err(CorruptHistory::UnknownForm { kind: kind.to_owned(), schema })
    }
}
