//! The cart: what a guest or a customer has gathered, until it becomes an order.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shop_kernel::{CartId, OrderId, ProductId, Quantity};

use super::cart_event::{CartEvent, CartLine, CartOwner};
use super::history::{Aggregate, CorruptHistory};

/// A cart as its history describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    id: CartId,
    owner: CartOwner,
    lines: Vec<CartLine>,
    merged: Vec<CartId>,
    end: Option<End>,
}

/// How a cart ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum End {
    /// It became an order.
    CheckedOut {
        /// The order.
        order: OrderId,
    },
    /// It went into a customer's cart.
    Merged {
        /// That cart.
        into: CartId,
    },
}

/// Why a cart refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CartError {
    /// It has ended.
    #[error("the cart has ended")]
    Ended(End),
    /// There is nothing in it.
    #[error("the cart is empty")]
    Empty,
    /// It holds as many products as a cart takes.
    #[error("a cart takes at most {} products", Cart::MAX_LINES)]
    Full,
}

impl Cart {
    /// The most products a cart takes; bounds what one checkout can ask of every service.
    pub const MAX_LINES: usize = 100;

    /// Opens a cart.
    #[must_use]
    pub const fn open(cart: CartId, owner: CartOwner, at: DateTime<Utc>) -> CartEvent {
        CartEvent::Opened { cart, owner, at }
    }

    /// Gives a product a quantity; `None` when it has it already.
    ///
    /// # Errors
    /// When the cart has ended or is full.
    pub fn set(
        &self,
        product: ProductId,
        quantity: Quantity,
    ) -> Result<Option<CartEvent>, CartError> {
        self.require_open()?;
        match self.quantity_of(product) {
            Some(present) if present == quantity => Ok(None),
            None if self.lines.len() >= Self::MAX_LINES => Err(CartError::Full),
            Some(_) | None => Ok(Some(CartEvent::QuantitySet { product, quantity })),
        }
    }

    /// Adds to a product's quantity, up to the most a line may hold; `None` when it holds it.
    ///
    /// # Errors
    /// When the cart has ended or is full.
    pub fn add(&self, product: ProductId, more: Quantity) -> Result<Option<CartEvent>, CartError> {
        let present = self.quantity_of(product);
        self.set(product, present.map_or(more, |present| present.capped_plus(more)))
    }

    /// Takes a product out; `None` when it is not in.
    ///
    /// # Errors
    /// When the cart has ended.
    pub fn remove(&self, product: ProductId) -> Result<Option<CartEvent>, CartError> {
        self.require_open()?;
        Ok(self.quantity_of(product).map(|_| CartEvent::LineRemoved { product }))
    }

    /// Takes in what a guest had gathered, once per guest cart.
    ///
    /// Quantities add up to the most a line may hold. Products beyond the most a cart takes stay
    /// behind: the customer's own come first.
    ///
    /// # Errors
    /// When this cart has ended.
    pub fn merge_from(&self, guest: &Self) -> Result<Option<CartEvent>, CartError> {
        self.require_open()?;
        if self.merged.contains(&guest.id) {
            return Ok(None);
        }
        let mut room = Self::MAX_LINES.saturating_sub(self.lines.len());
        let mut lines = Vec::with_capacity(guest.lines.len());
        for line in &guest.lines {
            match self.quantity_of(line.product) {
                Some(present) => {
                    let quantity = present.capped_plus(line.quantity);
                    lines.push(CartLine { quantity, ..*line });
                }
                None if room > 0 => {
                    room -= 1;
                    lines.push(*line);
                }
                None => {}
            }
        }
        Ok(Some(CartEvent::MergedFrom { cart: guest.id, lines }))
    }

    /// Ends this guest's cart, because its owner signed in.
    ///
    /// # Errors
    /// When it has ended.
    pub fn merge_into(&self, cart: CartId) -> Result<CartEvent, CartError> {
        self.require_open()?;
        Ok(CartEvent::MergedInto { cart })
    }

    /// Ends the cart, because it becomes an order.
    ///
    /// # Errors
    /// When it has ended or is empty.
    pub fn check_out(&self, order: OrderId) -> Result<CartEvent, CartError> {
        self.require_open()?;
        if self.lines.is_empty() {
            return Err(CartError::Empty);
        }
        Ok(CartEvent::CheckedOut { order })
    }

    /// The cart's id.
    #[must_use]
    pub const fn id(&self) -> CartId {
        self.id
    }

    /// Whose it is.
    #[must_use]
    pub const fn owner(&self) -> CartOwner {
        self.owner
    }

    /// What is in it, in the order it was put in.
    #[must_use]
    pub fn lines(&self) -> &[CartLine] {
        &self.lines
    }

    /// How it ended; `None` while it is open.
    #[must_use]
    pub const fn end(&self) -> Option<End> {
        self.end
    }

    fn require_open(&self) -> Result<(), CartError> {
        self.end.map_or(Ok(()), |end| Err(CartError::Ended(end)))
    }

    fn quantity_of(&self, product: ProductId) -> Option<Quantity> {
        self.lines.iter().find(|line| line.product == product).map(|line| line.quantity)
    }

    fn put(&mut self, line: CartLine) {
        match self.lines.iter_mut().find(|present| present.product == line.product) {
            Some(present) => present.quantity = line.quantity,
            None => self.lines.push(line),
        }
    }
}

impl Aggregate for Cart {
    type Event = CartEvent;

    const SNAPSHOT_SCHEMA: u32 = 1;

    fn evolve(past: Option<Self>, event: &CartEvent) -> Result<Self, CorruptHistory> {
        use CartEvent as E;
        let Some(mut cart) = past else {
            return match event {
                E::Opened { cart, owner, .. } => {
                    let (lines, merged) = (Vec::new(), Vec::new());
                    Ok(Self { id: *cart, owner: *owner, lines, merged, end: None })
                }
                later => Err(out_of_place(later)),
            };
        };
        match event {
            E::Opened { .. } => return Err(out_of_place(event)),
            E::QuantitySet { product, quantity } => {
                cart.put(CartLine { product: *product, quantity: *quantity });
            }
            E::LineRemoved { product } => cart.lines.retain(|line| line.product != *product),
            E::MergedFrom { cart: guest, lines } => {
                cart.merged.push(*guest);
                lines.iter().for_each(|line| cart.put(*line));
            }
            E::MergedInto { cart: into } => cart.end = Some(End::Merged { into: *into }),
            E::CheckedOut { order } => cart.end = Some(End::CheckedOut { order: *order }),
        }
        Ok(cart)
    }
}

fn out_of_place(event: &CartEvent) -> CorruptHistory {
    use super::history::Event as _;
    CorruptHistory::OutOfPlace(event.kind())
}

#[cfg(test)]
mod tests;
