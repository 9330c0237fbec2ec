//! The orders a list may have, and places in them.

use shop_kernel::{Currency, ProductId};
use uuid::Uuid;

/// The order of a list; each ends in the id, so that no two products share a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// What matches the text best; then the most popular.
    Relevance,
    /// The most popular first.
    Popular,
    /// The latest additions first.
    Newest,
    /// By price in one currency.
    Price(Currency, Direction),
}

/// Which way prices go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The cheapest first.
    Up,
    /// The dearest first.
    Down,
}

/// A place in a list: right after one product, wherever others come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The order of the list.
    pub sort: Sort,
    /// What that product is sorted by.
    pub key: i64,
    /// The product.
    pub product: ProductId,
}

const SORTS: [Sort; 7] = [
    Sort::Relevance,
    Sort::Popular,
    Sort::Newest,
    Sort::Price(Currency::Krw, Direction::Up),
    Sort::Price(Currency::Krw, Direction::Down),
    Sort::Price(Currency::Usd, Direction::Up),
    Sort::Price(Currency::Usd, Direction::Down),
];

impl Position {
    /// The place as a client carries it: opaque, so that nobody builds one.
    #[must_use]
    pub fn to_cursor(self) -> String {
        let sort = SORTS.iter().position(|sort| *sort == self.sort).unwrap_or_default();
        let key = self.key.cast_unsigned();
        format!("{sort:x}{key:016x}{}", self.product.uuid().simple())
    }

    /// Reads a place back; none when the text is not one this service gave out.
    #[must_use]
    pub fn from_cursor(text: &str) -> Option<Self> {
        if text.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        let (sort, rest) = text.split_at_checked(1)?;
        let (key, product) = rest.split_at_checked(16)?;
        let sort = SORTS.get(usize::from_str_radix(sort, 16).ok()?)?;
        let key = u64::from_str_radix(key, 16).ok()?.cast_signed();
        let product = (product.len() == 32).then(|| Uuid::try_parse(product).ok()).flatten()?;
        Some(Self { sort: *sort, key, product: ProductId::from_uuid(product) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_from_its_cursor() {
        for sort in SORTS {
            let place = Position { sort, key: -7, product: ProductId::generate() };
            assert_eq!(Position::from_cursor(&place.to_cursor()), Some(place));
        }
    }

    #[test]
    fn what_was_never_given_out_is_no_cursor() {
        let place = Position { sort: Sort::Newest, key: 1, product: ProductId::generate() };
        let cursor = place.to_cursor();

        for text in ["", "0", "zz", &cursor[1..], &cursor[..48], &cursor.to_uppercase(), "머그컵"]
        {
            if text != cursor {
                assert_eq!(Position::from_cursor(text), None, "{text}");
            }
        }
        assert_eq!(Position::from_cursor(&format!("9{}", &cursor[1..])), None);
    }
}
