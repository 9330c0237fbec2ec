//! Looking at a cart with what its things cost now.

use shop_kernel::{CartId, Currency, Money, MoneyError};

use super::Carts;
use crate::domain::cart_event::{CartLine, CartOwner};
use crate::ports::{ListedProduct, Prices, StoreError};

/// An owner's open cart at today's prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartView {
    /// The cart; `None` while nothing was put into one.
    pub cart: Option<CartId>,
    /// Its version; what a checkout has to name.
    pub version: u64,
    /// What is in it, in the order it was put in.
    pub lines: Vec<ViewedLine>,
    /// What it costs, once per currency in which everything in it can be bought.
    pub totals: Vec<Money>,
}

/// A product in a cart and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewedLine {
    /// The product and how many of it.
    pub line: CartLine,
    /// What the price list says; `None` while it is loading, or when it says nothing.
    pub listed: Option<ListedProduct>,
}

/// Why a cart could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum ViewCartError {
    /// The cart costs more than any real amount.
    #[error("the cart has no sum")]
    Sum(#[from] MoneyError),
    /// The store did not answer.
    #[error("could not read the cart")]
    Store(#[from] StoreError),
}

impl Carts {
    /// The owner's open cart, or an empty one that does not exist yet.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn view(&self, owner: CartOwner) -> Result<CartView, ViewCartError> {
        let present = self.open_cart(owner).await?;
        let Some(cart) = present.state else {
            return Ok(CartView { cart: None, version: 0, lines: vec![], totals: vec![] });
        };
        let products: Vec<_> = cart.lines().iter().map(|line| line.product).collect();
        let prices = if products.is_empty() {
            Prices::Listed(Vec::new())
        } else {
            self.ports.prices.prices(&products).await?
        };
        let lines: Vec<_> = cart
            .lines()
            .iter()
            .map(|line| ViewedLine { line: *line, listed: prices.of(line.product).cloned() })
            .collect();
        let totals = totals(&lines)?;
        Ok(CartView { cart: Some(cart.id()), version: present.version, lines, totals })
    }
}

fn totals(lines: &[ViewedLine]) -> Result<Vec<Money>, MoneyError> {
    let mut totals = Vec::new();
    for currency in Currency::ALL {
        let amounts: Option<Vec<Money>> =
            lines.iter().map(|viewed| unit_price(viewed, currency)).collect();
        let Some(amounts) = amounts.filter(|amounts| !amounts.is_empty()) else {
            continue;
        };
        let amounts: Vec<_> = amounts
            .into_iter()
            .zip(lines)
            .map(|(price, viewed)| price.times(viewed.line.quantity.get()))
            .collect::<Result<_, _>>()?;
        totals.push(Money::sum(currency, amounts)?);
    }
    Ok(totals)
}

fn unit_price(viewed: &ViewedLine, currency: Currency) -> Option<Money> {
    let listed = viewed.listed.as_ref().filter(|listed| listed.on_sale)?;
    listed.prices.iter().find(|price| price.currency == currency).copied()
}
