//! A product as the shop describes and prices it, and what its stock looks like to a shopper.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use shop_kernel::{Currency, LocalizedText, Money, ProductId};
use utoipa::ToSchema;

/// A product of the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id, for ever.
    pub id: ProductId,
    /// Counts its changes, from 1.
    pub version: u64,
    /// What it is and costs.
    pub details: ProductDetails,
    /// When it was added.
    pub added_at: DateTime<Utc>,
}

/// What an operator says about a product; everything in it may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductDetails {
    /// Its name in addresses; unique, lower-case letters, digits and single hyphens.
    #[garde(custom(is_slug))]
    pub slug: String,
    /// The slug of its category.
    #[garde(custom(is_slug))]
    pub category: String,
    /// Its name.
    #[schema(value_type = Texts)]
    #[garde(custom(is_text_up_to(120)))]
    pub name: LocalizedText,
    /// Two or three sentences about it.
    #[schema(value_type = Texts)]
    #[garde(custom(is_text_up_to(2000)))]
    pub description: LocalizedText,
    /// What one costs.
    #[garde(dive)]
    pub price: Prices,
    /// The slug of its picture.
    #[garde(custom(is_slug))]
    pub picture: String,
    /// Words it should also be found by.
    #[serde(default)]
    #[garde(length(max = 20), inner(length(chars, min = 1, max = 40), custom(can_be_stored)))]
    pub tags: Vec<String>,
    /// Higher stands further in front.
    #[serde(default)]
    #[garde(range(max = 1_000_000))]
    pub popularity: u32,
    /// Whether it may be bought.
    #[serde(default = "on_sale")]
    #[garde(skip)]
    pub on_sale: bool,
}

/// The price of one product in every currency, in minor units: won, and cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// In won.
    #[garde(range(min = 1, max = 1_000_000_000))]
    pub krw: i64,
    /// In cents of a dollar.
    #[garde(range(min = 1, max = 1_000_000_000))]
    pub usd: i64,
}

/// A text in both languages, as OpenAPI describes [`LocalizedText`].
#[derive(Debug, Clone, Copy, ToSchema)]
#[schema(as = LocalizedText)]
#[expect(dead_code, reason = "only its schema is used: the kernel knows nothing of OpenAPI")]
pub struct Texts {
    /// The text in English.
    en: &'static str,
    /// The text in Korean.
    ko: &'static str,
}

const fn on_sale() -> bool {
    true
}

impl Prices {
    /// The price in one currency.
    #[must_use]
    pub const fn in_currency(self, currency: Currency) -> Money {
        let minor = match currency {
            Currency::Krw => self.krw,
            Currency::Usd => self.usd,
        };
        Money::new(minor, currency)
    }

    /// The price in every currency of the shop.
    #[must_use]
    pub fn all(self) -> Vec<Money> {
        Currency::ALL.map(|currency| self.in_currency(currency)).to_vec()
    }
}

/// How much of a product there is, as far as a shopper needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum StockMark {
    /// Plenty.
    InStock,
    /// So few that the number matters.
    FewLeft {
        /// How many can still be bought.
        left: u32,
    },
    /// None.
    SoldOut,
}

impl StockMark {
    /// Up to this many, a shopper is told the number: two of a thing for each of two people, and one.
    const FEW: u32 = 5;

    /// The mark for that many available.
    #[must_use]
    pub const fn of(available: u32) -> Self {
        match available {
            0 => Self::SoldOut,
            left @ 1..=Self::FEW => Self::FewLeft { left },
            _ => Self::InStock,
        }
    }
}

/// Whether a text can be the name of something in an address.
///
/// # Errors
/// When it is empty, long, or holds anything but lower-case letters, digits and single hyphens.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "garde hands the context in by reference")]
fn is_slug(text: &str, (): &()) -> garde::Result {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if text.len() <= 64 && text.split('-').all(is_part) {
        return Ok(());
    }
    Err(garde::Error::new("must be 1 to 64 lower-case letters and digits, with single hyphens"))
}

fn is_text_up_to(most: usize) -> impl FnOnce(&LocalizedText, &()) -> garde::Result {
    move |texts, ()| {
        let is_fine = |text: &str| !text.trim().is_empty() && text.chars().count() <= most;
        if !is_fine(&texts.en) || !is_fine(&texts.ko) {
            let range = format!("must have 1 to {most} characters in each language");
            return Err(garde::Error::new(range));
        }
        can_be_stored(&texts.en, &())?;
        can_be_stored(&texts.ko, &())
    }
}

/// PostgreSQL stores every text but one with U+0000 in it.
pub(crate) fn can_be_stored(text: &str, (): &()) -> garde::Result {
    if text.contains('\0') {
        return Err(garde::Error::new("has the character U+0000 in it"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shopper_is_told_the_number_only_when_it_is_small() {
        assert_eq!(StockMark::of(0), StockMark::SoldOut);
        assert_eq!(StockMark::of(3), StockMark::FewLeft { left: 3 });
        assert_eq!(StockMark::of(5), StockMark::FewLeft { left: 5 });
        assert_eq!(StockMark::of(6), StockMark::InStock);
    }

    #[test]
    fn a_slug_has_one_plain_spelling() {
        for slug in ["blue-mug", "a5", "tea-and-coffee"] {
            assert!(is_slug(slug, &()).is_ok(), "{slug} was refused");
        }
        for slug in ["", "-mug", "mug-", "blue--mug", "Blue", "머그", "a/b", &"a".repeat(65)] {
            assert!(is_slug(slug, &()).is_err(), "{slug} was taken");
        }
    }
}
