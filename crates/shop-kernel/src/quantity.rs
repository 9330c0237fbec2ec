//! How many of one product a line may hold.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A count of one product in a cart or an order: 1 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Quantity(u32);

/// A count outside 1 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a quantity is between 1 and {}", Quantity::MAX.0)]
pub struct InvalidQuantity;

impl Quantity {
    /// The most of one product that one cart or order takes.
    pub const MAX: Self = Self(99);

    /// Takes a count from 1 to 99.
    ///
    /// # Errors
    /// When it is outside.
    pub const fn new(count: u32) -> Result<Self, InvalidQuantity> {
        if count >= 1 && count <= Self::MAX.0 { Ok(Self(count)) } else { Err(InvalidQuantity) }
    }

    /// The count.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The sum of two quantities, capped at [`Quantity::MAX`]: how carts merge.
    #[must_use]
    pub fn capped_plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0).min(Self::MAX.0))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<u32> for Quantity {
    type Error = InvalidQuantity;

    fn try_from(count: u32) -> Result<Self, InvalidQuantity> {
        Self::new(count)
    }
}

impl From<Quantity> for u32 {
    fn from(quantity: Quantity) -> Self {
        quantity.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_between_one_and_ninety_nine() {
        for count in [0, 100, u32::MAX] {
            assert_eq!(Quantity::new(count), Err(InvalidQuantity), "{count} was taken");
        }
        assert!(serde_json::from_str::<Quantity>("-1").is_err());
        assert!(serde_json::from_str::<Quantity>("1.5").is_err());
        assert_eq!(serde_json::from_str::<Quantity>("99").unwrap(), Quantity::MAX);
    }

    #[test]
    fn merging_carts_caps_the_sum() {
        let sixty = Quantity::new(60).unwrap();

        assert_eq!(sixty.capped_plus(sixty), Quantity::MAX);
    }
}
