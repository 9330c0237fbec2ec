//! Prices as the shopper saw them last, kept in this browser alone: who comes back is told what changed.

use ui_kit::Money;
use web_sys::Storage;

use crate::goods::{Cart, Line};

const KEY: &str = "cart-prices";

/// A line for each product and currency: `prd_… USD 1250`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen(String);

impl Seen {
    /// Those of the last visit.
    pub(super) fn last() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        Self(kept.unwrap_or_default())
    }

    /// Those of a cart.
    pub(super) fn of(cart: &Cart) -> Self {
        let mut text = String::new();
        for line in &cart.lines {
            for price in &line.unit_prices {
                text.push_str(&key(line, *price));
                text.push_str(&price.minor.to_string());
                text.push('\n');
            }
        }
        Self(text)
    }

    /// Keeps them for the next visit.
    pub(super) fn keep(&self) {
        if let Some(storage) = storage() {
            // Where the browser keeps nothing, nothing is compared.
            let _ = storage.set_item(KEY, &self.0);
        }
    }

    /// What one of a product cost, where that was not `now`.
    pub(super) fn before(&self, line: &Line, now: Money) -> Option<Money> {
        let key = key(line, now);
        let minor = self.0.lines().find_map(|known| known.strip_prefix(key.as_str()))?;
        let before = Money { minor: minor.parse().ok()?, ..now };
        (before != now).then_some(before)
    }
}

fn key(line: &Line, price: Money) -> String {
    [&line.product_id, " ", price.currency.code(), " "].concat()
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use crate::goods::Cart;
    use crate::goods::sample::{cart, line};
    use ui_kit::{Currency, Money};

    #[test]
    fn a_price_that_changed_since_the_last_visit_is_told() {
        let cart: Cart =
            json_kit::read(&cart(&[line("mug", 1, "IN_STOCK", None)]).to_string()).unwrap();
        let (seen, mug) = (Seen::of(&cart), cart.lines.first().unwrap());
        let usd = |minor| Money { minor, currency: Currency::Usd };

        assert_eq!(seen.before(mug, usd(1000)), None);
        assert_eq!(seen.before(mug, usd(1200)), Some(usd(1000)));
        assert_eq!(seen.before(mug, Money { minor: 1, currency: Currency::Krw }), None);
        assert_eq!(Seen::default().before(mug, usd(1200)), None, "nothing was seen before");
    }
}
