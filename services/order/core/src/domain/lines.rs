//! What an order is made of: priced lines, never none, all in one currency.

use serde::{Deserialize, Serialize};
use shop_kernel::{LocalizedText, Money, MoneyError, ProductId, Quantity};

/// One product of an order at the price it was bought for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Line {
    /// The product.
    pub product: ProductId,
    /// Its name on that day.
    pub name: LocalizedText,
    /// How many.
    pub quantity: Quantity,
    /// The price of one.
    pub unit_price: Money,
    total: Money,
}

impl Line {
    /// A line with a price for all of it.
    ///
    /// # Errors
    /// When that price is larger than any real amount.
    pub fn new(
        product: ProductId,
        name: LocalizedText,
        quantity: Quantity,
        unit_price: Money,
    ) -> Result<Self, MoneyError> {
        let total = unit_price.times(quantity.get())?;
        Ok(Self { product, name, quantity, unit_price, total })
    }

    /// The price of all of them.
    #[must_use]
    pub const fn total(&self) -> Money {
        self.total
    }
}

/// A line as it is kept: the total follows from the rest.
#[derive(Serialize, Deserialize)]
struct Form {
    product: ProductId,
    name: LocalizedText,
    quantity: Quantity,
    unit_price: Money,
}

impl TryFrom<Form> for Line {
    type Error = MoneyError;

    fn try_from(form: Form) -> Result<Self, MoneyError> {
        Self::new(form.product, form.name, form.quantity, form.unit_price)
    }
}

impl From<Line> for Form {
    fn from(line: Line) -> Self {
        let Line { product, name, quantity, unit_price, total: _ } = line;
        Self { product, name, quantity, unit_price }
    }
}

/// The lines of an order: at least one, one per product, one currency, a sum that exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Line>", into = "Vec<Line>")]
pub struct Lines {
    lines: Vec<Line>,
    total: Money,
}

/// Why lines make no order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLines {
    /// There are none.
    #[error("an order has at least one line")]
    Empty,
    /// A product has two lines.
    #[error("the product {0} has more than one line")]
    Repeated(ProductId),
    /// The lines have no sum.
    #[error("the lines have no sum")]
    Sum(#[source] MoneyError),
}

impl Lines {
    /// Takes lines that make an order.
    ///
    /// # Errors
    /// When there are none, a product comes twice, or they have no sum.
    pub fn new(lines: Vec<Line>) -> Result<Self, InvalidLines> {
        let currency = lines.first().ok_or(InvalidLines::Empty)?.unit_price.currency;
        let mut products: Vec<_> = lines.iter().map(|line| line.product).collect();
        products.sort_unstable();
        if let Some((repeated, _)) =
            products.iter().zip(products.iter().skip(1)).find(|(a, b)| a == b)
        {
            return Err(InvalidLines::Repeated(*repeated));
        }
        let totals = lines.iter().map(Line::total);
        let total = Money::sum(currency, totals).map_err(InvalidLines::Sum)?;
        Ok(Self { lines, total })
    }

    /// The sum of all lines.
    #[must_use]
    pub const fn total(&self) -> Money {
        self.total
    }

    /// The lines, in the order of the cart.
    pub fn iter(&self) -> std::slice::Iter<'_, Line> {
        self.lines.iter()
    }
}

impl<'a> IntoIterator for &'a Lines {
    type Item = &'a Line;
    type IntoIter = std::slice::Iter<'a, Line>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl TryFrom<Vec<Line>> for Lines {
    type Error = InvalidLines;

    fn try_from(lines: Vec<Line>) -> Result<Self, InvalidLines> {
        Self::new(lines)
    }
}

impl From<Lines> for Vec<Line> {
    fn from(lines: Lines) -> Self {
        lines.lines
    }
}

#[cfg(test)]
mod tests;
