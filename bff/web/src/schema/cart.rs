//! The cart.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use serde::Deserialize;

use super::money::{Currency, MinorUnits, Money, Text};
use super::product::Product;
use super::{Loaders, Nullable};

/// The open cart of whoever asks, at today's prices.
#[derive(Debug, Clone, Default, SimpleObject, Deserialize)]
#[graphql(complex)]
pub(crate) struct Cart {
    /// Absent while nothing was put into a cart yet.
    id: Option<ID>,
    /// What a checkout has to name.
    version: u32,
    lines: Vec<CartLine>,
    /// The sum, in each currency in which everything can be bought.
    totals: Vec<Money>,
}

/// A product in a cart.
#[derive(Debug, Clone, SimpleObject, Deserialize)]
#[graphql(complex)]
pub(crate) struct CartLine {
    #[serde(rename = "product")]
    pub(crate) product_id: ID,
    /// Absent while the price list is loading.
    pub(crate) name: Option<Text>,
    pub(crate) quantity: u32,
    /// Whether it may be bought now.
    pub(crate) on_sale: bool,
    /// The price of one in each currency; what a checkout has to repeat for its currency.
    pub(crate) unit_prices: Vec<Money>,
}

impl Cart {
    /// These lines, in a cart that is nobody's.
    pub(crate) fn of(lines: Vec<CartLine>) -> Self {
        let totals = [Currency::Krw, Currency::Usd].into_iter().filter_map(|currency| {
            let sum: Option<i64> = lines.iter().map(|line| line.sum(currency)).sum();
            (!lines.is_empty()).then_some(())?;
            Some(Money { minor: MinorUnits(sum?), currency })
        });
        Self { totals: totals.collect(), lines, ..Self::default() }
    }

    /// How many of this product are in it.
    pub(crate) fn quantity_of(&self, product: &ID) -> i32 {
        let line = self.lines.iter().find(|line| line.product_id == *product);
        line.map_or(0, |line| i32::try_from(line.quantity).unwrap_or(i32::MAX))
    }
}

impl CartLine {
    /// None where it has no price in this currency, or more than can be counted.
    fn sum(&self, currency: Currency) -> Option<i64> {
        let each = self.unit_prices.iter().find(|price| price.currency == currency)?;
        each.minor.0.checked_mul(i64::from(self.quantity))
    }
}

#[ComplexObject]
impl Cart {
    /// How many pieces are in it.
    async fn count(&self) -> u32 {
        self.lines.iter().map(|line| line.quantity).sum()
    }
}

#[ComplexObject]
impl CartLine {
    /// Picture, slug and stock; null, with an error, while the catalog is away.
    async fn product(&self, ctx: &Context<'_>) -> Nullable<Product> {
        let found = ctx.data_unchecked::<Arc<Loaders>>().product(&self.product_id).await;
        found.map_err(Into::into).transpose()
    }
}
