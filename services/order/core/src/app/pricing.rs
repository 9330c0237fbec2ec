//! What the lines of an order cost today, and whether that is what the shopper saw.

use shop_kernel::{Currency, Money, MoneyError, ProductId};

use crate::domain::cart_event::CartLine;
use crate::domain::lines::{InvalidLines, Line, Lines};
use crate::ports::{ListedProduct, Prices};

/// A price as the shopper saw it when they decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenPrice {
    /// The product.
    pub product: ProductId,
    /// The price of one.
    pub unit_price: Money,
}

/// A price that is not what the shopper saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceChange {
    /// The product.
    pub product: ProductId,
    /// What they saw.
    pub seen: Money,
    /// What it is.
    pub now: Money,
    /// The catalog's count of the product's changes, as far as we have heard.
    pub price_version: u64,
}

/// Why lines have no price.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// The first copy of the price list is not complete yet.
    #[error("the price list is still loading")]
    Loading,
    /// Products are unknown, not on sale, or have no price in the currency.
    #[error("some products are not on sale")]
    NotOnSale(Vec<ProductId>),
    /// The shopper did not say which price they saw.
    #[error("the price of {0} that was seen is missing")]
    SeenPriceMissing(ProductId),
    /// Prices are not what the shopper saw.
    #[error("some prices have changed")]
    Changed(Vec<PriceChange>),
    /// The lines have no sum.
    #[error("the lines make no order")]
    Lines(#[from] InvalidLines),
}

impl From<MoneyError> for PricingError {
    fn from(error: MoneyError) -> Self {
        Self::Lines(InvalidLines::Sum(error))
    }
}

/// What a shopper is ready to pay.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expectation<'a> {
    /// Exactly the prices they saw.
    Seen(&'a [SeenPrice]),
    /// Whatever it costs today.
    Today,
}

impl Expectation<'_> {
    /// The price that is expected of a product; `None` where any will do.
    fn of(self, product: ProductId) -> Result<Option<Money>, PricingError> {
        match self {
            Self::Today => Ok(None),
            Self::Seen(seen) => seen
                .iter()
                .find(|seen| seen.product == product)
                .map(|seen| Some(seen.unit_price))
                .ok_or(PricingError::SeenPriceMissing(product)),
        }
    }
}

/// Prices lines in one currency.
pub(super) fn price(
    lines: &[CartLine],
    currency: Currency,
    prices: &Prices,
    expectation: Expectation<'_>,
) -> Result<Lines, PricingError> {
    if *prices == Prices::Loading {
        return Err(PricingError::Loading);
    }
    let (mut priced, mut missing, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        // First, because only what was seen is looked up.
        let seen = expectation.of(line.product)?;
        let Some((listed, now)) = offer(prices, line.product, currency) else {
            missing.push(line.product);
            continue;
        };
        changed.extend(seen.and_then(|seen| change(seen, listed, now)));
        priced.push(Line::new(line.product, listed.name.clone(), line.quantity, now)?);
    }
    if !missing.is_empty() {
        return Err(PricingError::NotOnSale(missing));
    }
    if !changed.is_empty() {
        return Err(PricingError::Changed(changed));
    }
    Ok(Lines::new(priced)?)
}

fn offer(
    prices: &Prices,
    product: ProductId,
    currency: Currency,
) -> Option<(&ListedProduct, Money)> {
    let listed = prices.of(product).filter(|listed| listed.on_sale)?;
    let price = listed.prices.iter().find(|price| price.currency == currency)?;
    Some((listed, *price))
}

fn change(seen: Money, listed: &ListedProduct, now: Money) -> Option<PriceChange> {
    let (product, price_version) = (listed.product, listed.version);
    (seen != now).then_some(PriceChange { product, seen, now, price_version })
}
