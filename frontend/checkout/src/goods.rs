//! The cart as the schema has it: what two pages of this fragment ask for.

use json_kit::FromJson;
use ui_kit::i18n::Text;
use ui_kit::view::{Stock, StockLevel};
use ui_kit::{Currency, Locale, Money};

/// The fields of a [`Cart`], for the documents.
#[macro_export]
macro_rules! cart_fields {
    () => {
        " { id version count totals { minor currency } lines { productId name { en ko } quantity onSale
        unitPrices { minor currency } product { slug picture stock { level left } } } } "
    };
}

/// The open cart.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(crate) struct Cart {
    pub(crate) id: Option<String>,
    pub(crate) version: i64,
    pub(crate) count: u32,
    pub(crate) totals: Vec<Money>,
    pub(crate) lines: Vec<Line>,
}

/// One product of it.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(crate) struct Line {
    pub(crate) product_id: String,
    /// Absent while the price list is loading.
    name: Option<Text>,
    pub(crate) quantity: u32,
    on_sale: bool,
    pub(crate) unit_prices: Vec<Money>,
    /// Absent while the catalog is away.
    pub(crate) product: Option<Product>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(crate) struct Product {
    pub(crate) slug: String,
    picture: String,
    stock: Stock,
}

/// Why a line cannot be ordered as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// Not sold any more.
    Gone,
    SoldOut,
    /// Fewer are left than wanted.
    Short(u32),
}

impl Cart {
    /// Whether every line can be ordered in this currency.
    pub(crate) fn can_be_ordered(&self, currency: Currency) -> bool {
        let in_order = self.lines.iter().all(|line| line.obstacle().is_none());
        in_order && !self.lines.is_empty() && Money::pick(&self.totals, currency).is_some()
    }
}

impl Line {
    /// Its name; while that is not known, its id.
    pub(crate) fn name(&self, locale: Locale) -> &str {
        self.name.as_ref().map_or(self.product_id.as_str(), |name| name.get(locale))
    }

    /// Below `/pictures`; empty while the catalog is away.
    pub(crate) fn picture(&self) -> String {
        let product = self.product.as_ref();
        product.map(|product| ["products/", &product.picture].concat()).unwrap_or_default()
    }

    /// As far as it is known: stock is decided when the order is placed.
    pub(crate) fn obstacle(&self) -> Option<Obstacle> {
        if !self.on_sale {
            return Some(Obstacle::Gone);
        }
        let stock = self.product.as_ref()?.stock;
        match (stock.level, stock.left) {
            (StockLevel::SoldOut, _) => Some(Obstacle::SoldOut),
            (StockLevel::FewLeft, Some(left)) if left < self.quantity => {
                Some(Obstacle::Short(left))
            }
            (StockLevel::InStock | StockLevel::FewLeft, _) => None,
        }
    }
}

/// What tests fill carts with.
#[cfg(test)]
pub(crate) mod sample {
    use serde_json::{Value, json};

    pub(crate) fn line(product: &str, quantity: u32, level: &str, left: Option<u32>) -> Value {
        json!({"productId": product, "name": {"en": product, "ko": product}, "quantity": quantity, "onSale": true,
            "unitPrices": [{"minor": 1000, "currency": "USD"}],
            "product": {"slug": product, "picture": product, "stock": {"level": level, "left": left}}})
    }

    pub(crate) fn cart(lines: &[Value]) -> Value {
        let count: u64 = lines.iter().filter_map(|line| line["quantity"].as_u64()).sum();
        json!({"id": "crt_1", "version": 3, "count": count, "lines": lines,
            "totals": [{"minor": count * 1000, "currency": "USD"}]})
    }
}

#[cfg(test)]
mod tests {
    use super::sample::{cart, line};
    use super::{Cart, Obstacle};
    use ui_kit::Currency;

    fn read(value: serde_json::Value) -> Cart {
        json_kit::read(&value.to_string()).unwrap()
    }

    #[test]
    fn a_cart_in_order_can_be_ordered_where_it_has_a_price() {
        let cart =
            read(cart(&[line("mug", 2, "IN_STOCK", None), line("pen", 1, "FEW_LEFT", Some(1))]));

        assert!(cart.can_be_ordered(Currency::Usd));
        assert!(!cart.can_be_ordered(Currency::Krw));
    }

    #[test]
    fn what_is_not_there_stands_in_the_way() {
        let cart =
            read(cart(&[line("mug", 2, "SOLD_OUT", None), line("pen", 3, "FEW_LEFT", Some(2))]));

        let obstacles: Vec<_> = cart.lines.iter().map(super::Line::obstacle).collect();

        assert_eq!(obstacles, [Some(Obstacle::SoldOut), Some(Obstacle::Short(2))]);
        assert!(!cart.can_be_ordered(Currency::Usd));
    }

    #[test]
    fn an_empty_cart_cannot_be_ordered() {
        assert!(!read(cart(&[])).can_be_ordered(Currency::Usd));
    }

    #[test]
    fn while_the_catalog_is_away_nothing_is_said_about_stock() {
        let mut lost = line("mug", 2, "SOLD_OUT", None);
        lost["product"] = serde_json::Value::Null;

        assert_eq!(read(cart(&[lost])).lines[0].obstacle(), None);
    }
}
