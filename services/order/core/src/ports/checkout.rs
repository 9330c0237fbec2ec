//! What placing an order must know: earlier answers, the cart, and prices.

use shop_kernel::{CustomerId, LocalizedText, Money, OrderId, ProductId};

use crate::domain::stored::Stored;

/// A request that may be repeated without being done again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestKey {
    /// Who asks.
    pub customer: CustomerId,
    /// What for.
    pub operation: Operation,
    /// The key they chose.
    pub key: String,
    /// The SHA-256 of what they sent, in hexadecimal digits.
    pub fingerprint: String,
}

/// What a request key is scoped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Placing the order of a cart.
    Checkout,
    /// Buying the lines of a cancelled order again.
    Reorder,
}

impl Operation {
    /// The word for it, as stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Checkout => "checkout",
            Self::Reorder => "reorder",
        }
    }
}

/// What an accepted request was answered, to the byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What had been asked, as [`RequestKey::fingerprint`].
    pub fingerprint: String,
    /// The order that was placed.
    pub order: OrderId,
    /// The body of the answer.
    pub body: String,
}

/// What placing an order must know.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The reply kept under the key.
    pub reply: Option<Reply>,
    /// The cart; empty when there is none of that id.
    pub cart: Stored,
    /// What the products cost.
    pub prices: Prices,
}

/// What the price list says of some products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prices {
    /// The first copy of the list is not complete yet.
    Loading,
    /// The products that are known; nothing is known of the others.
    Listed(Vec<ListedProduct>),
}

impl Prices {
    /// What is known of one product.
    #[must_use]
    pub fn of(&self, product: ProductId) -> Option<&ListedProduct> {
        match self {
            Self::Loading => None,
            Self::Listed(products) => products.iter().find(|listed| listed.product == product),
        }
    }
}

/// A product in the price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedProduct {
    /// The product.
    pub product: ProductId,
    /// The catalog's count of its changes.
    pub version: u64,
    /// Its name.
    pub name: LocalizedText,
    /// Its price in each currency.
    pub prices: Vec<Money>,
    /// Whether it may be bought.
    pub on_sale: bool,
}
