//! Bringing what a guest had gathered into the cart of the customer they turn out to be.

use shop_kernel::{CartId, CustomerId, GuestId};

use super::Carts;
use super::retry::{may_conflict, until_settled};
use crate::domain::cart::{Cart, CartError};
use crate::domain::cart_event::{CartEvent, CartOwner};
use crate::domain::history::Aggregate as _;
use crate::ports::{Cause, Change, StoreError};

/// Asks for a guest's cart to go into a customer's.
#[derive(Debug, Clone)]
pub struct MergeCarts {
    /// Who had gathered; proven by their token.
    pub guest: GuestId,
    /// Who they turned out to be; proven by their token.
    pub customer: CustomerId,
    /// What led to it.
    pub cause: Cause,
}

/// Why carts were not merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeCartsError {
    /// A cart refuses.
    #[error("the cart refuses")]
    Refused(#[from] CartError),
    /// The store did not do it.
    #[error("could not save the carts")]
    Store(#[from] StoreError),
}

may_conflict!(MergeCartsError);

impl Carts {
    /// Merges the guest's open cart into the customer's, once. Without one there is nothing to do.
    ///
    /// Both carts change in one step, so that no crash can leave the guest's lines in both or in
    /// neither.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn merge(&self, command: &MergeCarts) -> Result<(), MergeCartsError> {
        until_settled(|| self.merge_once(command)).await
    }

    async fn merge_once(&self, command: &MergeCarts) -> Result<(), MergeCartsError> {
        let guest_past = self.open_cart(CartOwner::Guest(command.guest)).await?;
        let Some(guest) = guest_past.state.clone().filter(|cart| !cart.lines().is_empty()) else {
            return Ok(());
        };
        let now = self.ports.clock.now();
        let owner = CartOwner::Customer(command.customer);
        let past = self.open_cart(owner).await?;
        let (cart, opened) = match past.state.clone() {
            Some(cart) => (cart, None),
            None => {
                let opened = Cart::open(CartId::generate(), owner, now);
                (Cart::evolve(None, &opened).map_err(StoreError::from)?, Some(opened))
            }
        };
        let events: Vec<CartEvent> = opened.into_iter().chain(cart.merge_from(&guest)?).collect();
        let ended = guest.merge_into(cart.id())?;

        let every = self.rules.snapshot_every;
        let change = Change::new(now, command.cause.clone());
        let (change, _) = change.with_cart(&past, &events, every)?;
        let (change, _) = change.with_cart(&guest_past, &[ended], every)?;
        self.ports.events.append(change).await?;
        Ok(())
    }
}
