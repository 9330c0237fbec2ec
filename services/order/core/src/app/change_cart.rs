//! Putting things into a cart and taking them out.

use shop_kernel::{CartId, ProductId, Quantity};

use super::Carts;
use super::retry::{may_conflict, until_settled};
use crate::domain::cart::{Cart, CartError};
use crate::domain::cart_event::{CartEvent, CartOwner};
use crate::domain::history::Aggregate as _;
use crate::domain::stored::Present;
use crate::ports::{Cause, Change, Prices, StoreError};

/// Asks for a change of the owner's open cart; the first thing put in opens one.
#[derive(Debug, Clone)]
pub struct ChangeCart {
    /// Whose cart.
    pub owner: CartOwner,
    /// Which product.
    pub product: ProductId,
    /// What to do with it.
    pub act: CartAct,
    /// What led to it.
    pub cause: Cause,
}

/// What can be done with a product in a cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CartAct {
    /// Have this many.
    Set(Quantity),
    /// Have this many more, up to the most a line may hold.
    Add(Quantity),
    /// Have none.
    Remove,
}

/// Why a cart was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeCartError {
    /// The first copy of the price list is not complete yet.
    #[error("the price list is still loading")]
    PricesLoading,
    /// There is no such product, or it may not be bought.
    #[error("the product {0} is not on sale")]
    NotOnSale(ProductId),
    /// The cart refuses.
    #[error("the cart refuses")]
    Refused(#[from] CartError),
    /// The store did not do it.
    #[error("could not save the cart")]
    Store(#[from] StoreError),
}

may_conflict!(ChangeCartError);

impl Carts {
    /// Changes the owner's open cart.
    ///
    /// # Errors
    /// When the product is not on sale or the cart is full.
    pub async fn change(&self, command: &ChangeCart) -> Result<(), ChangeCartError> {
        if command.act != CartAct::Remove {
            // What is in the cart already may always be taken out.
            self.require_on_sale(command.product).await?;
        }
        until_settled(|| self.change_once(command)).await
    }

    async fn require_on_sale(&self, product: ProductId) -> Result<(), ChangeCartError> {
        let prices = self.ports.prices.prices(&[product]).await?;
        match (&prices, prices.of(product)) {
            (Prices::Loading, _) => Err(ChangeCartError::PricesLoading),
            (Prices::Listed(_), Some(listed)) if listed.on_sale => Ok(()),
            (Prices::Listed(_), _) => Err(ChangeCartError::NotOnSale(product)),
        }
    }

    async fn change_once(&self, command: &ChangeCart) -> Result<(), ChangeCartError> {
        let now = self.ports.clock.now();
        let past = self.open_cart(command.owner).await?;
        let (cart, opened) = match past.state.clone() {
            Some(cart) => (cart, None),
            None if command.act == CartAct::Remove => return Ok(()),
            None => {
                let opened = Cart::open(CartId::generate(), command.owner, now);
                let cart = Cart::evolve(None, &opened).map_err(StoreError::from)?;
                (cart, Some(opened))
            }
        };
        let decided = match command.act {
            CartAct::Set(quantity) => cart.set(command.product, quantity)?,
            CartAct::Add(quantity) => cart.add(command.product, quantity)?,
            CartAct::Remove => cart.remove(command.product)?,
        };
        let events: Vec<CartEvent> = opened.into_iter().chain(decided).collect();
        if events.is_empty() {
            return Ok(());
        }
        let change = Change::new(now, command.cause.clone());
        let (change, _) = change.with_cart(&past, &events, self.rules.snapshot_every)?;
        self.ports.events.append(change).await?;
        Ok(())
    }

    /// The one open cart of an owner; nothing when they have none.
    pub(super) async fn open_cart(&self, owner: CartOwner) -> Result<Present<Cart>, StoreError> {
        let events = &self.ports.events;
        let stored = events.open_cart(owner, Cart::SNAPSHOT_SCHEMA).await?;
        Ok(stored.rebuild()?)
    }
}
