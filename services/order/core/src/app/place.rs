//! Placing an order: the cart ends and the order begins, in one step.

use serde::Serialize;
use shop_contracts::order::PaymentMethod;
use shop_kernel::{CartId, Contact, Currency, CustomerId, Locale, OrderId};

use super::Orders;
use super::pricing::{self, Expectation, PricingError, SeenPrice};
use super::retry::{may_conflict, until_settled};
use crate::domain::cart::{Cart, CartError};
use crate::domain::cart_event::CartOwner;
use crate::domain::history::Aggregate as _;
use crate::domain::lines::Lines;
use crate::domain::order::Order;
use crate::domain::order_event::Placed;
use crate::domain::stored::Present;
use crate::ports::{Cause, Change, Reply, RequestKey, StoreError};

/// Asks for an order of what is in a cart.
#[derive(Debug, Clone)]
pub struct PlaceOrder {
    /// Tells repeats of this request from new ones; names the customer.
    pub key: RequestKey,
    /// The cart.
    pub cart: CartId,
    /// The version of the cart that was seen.
    pub cart_version: u64,
    /// The currency to pay in.
    pub currency: Currency,
    /// The prices that were seen.
    pub seen: Vec<SeenPrice>,
    /// Who it is for and how it is paid.
    pub details: Details,
    /// What led to it.
    pub cause: Cause,
}

/// What an order needs beside its lines.
#[derive(Debug, Clone)]
pub struct Details {
    /// Whom to write to, and where it goes.
    pub contact: Contact,
    /// The language to write in.
    pub locale: Locale,
    /// How it is to be paid.
    pub payment_method: PaymentMethod,
}

/// An order that was accepted, now or by an earlier request with the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The order.
    pub order: OrderId,
    /// The answer, the same to the byte however often it is asked for.
    pub body: String,
}

/// Why an order was not placed.
#[derive(Debug, thiserror::Error)]
pub enum PlaceOrderError {
    /// The key was used for something else.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The customer has no such cart.
    #[error("there is no cart {0}")]
    UnknownCart(CartId),
    /// The cart is not what was seen.
    #[error("the cart is at version {now}, not {seen}")]
    CartChanged {
        /// The version that was seen.
        seen: u64,
        /// The version it has.
        now: u64,
    },
    /// The cart refuses.
    #[error("the cart cannot be checked out")]
    Cart(#[from] CartError),
    /// The lines have no price, or another than was seen.
    #[error("the cart cannot be priced")]
    Pricing(#[from] PricingError),
    /// The store did not do it.
    #[error("could not save the order")]
    Store(#[from] StoreError),
}

may_conflict!(PlaceOrderError);

impl Orders {
    /// Places an order. The same key with the same content always gets the same answer.
    ///
    /// # Errors
    /// When the cart or its prices are not what was seen, or the store does not answer.
    pub async fn place(&self, command: &PlaceOrder) -> Result<Accepted, PlaceOrderError> {
        until_settled(|| self.place_once(command)).await
    }

    async fn place_once(&self, command: &PlaceOrder) -> Result<Accepted, PlaceOrderError> {
        let key = &command.key;
        let products: Vec<_> = command.seen.iter().map(|seen| seen.product).collect();
        let desk =
            self.ports.desk.look(key, command.cart, Cart::SNAPSHOT_SCHEMA, &products).await?;
        if let Some(reply) = desk.reply {
            return Accepted::again(reply, key).ok_or(PlaceOrderError::KeyReused);
        }
        let (past, cart) = own_cart(desk.cart.rebuild().map_err(StoreError::from)?, command)?;

        let order = OrderId::generate();
        let checked_out = cart.check_out(order)?;
        if past.version != command.cart_version {
            let (seen, now) = (command.cart_version, past.version);
            return Err(PlaceOrderError::CartChanged { seen, now });
        }
        let expectation = Expectation::Seen(&command.seen);
        let lines = pricing::price(cart.lines(), command.currency, &desk.prices, expectation)?;

        let basis = Basis { order, customer: key.customer, cart: Some(cart.id()), replaces: None };
        let (change, accepted) =
            self.placing(basis, lines, &command.details, key, &command.cause)?;
        let (change, _) = change.with_cart(&past, &[checked_out], self.rules.snapshot_every)?;
        self.ports.events.append(change).await?;
        Ok(accepted)
    }

    /// The change that places an order and answers for it.
    pub(super) fn placing(
        &self,
        basis: Basis,
        lines: Lines,
        details: &Details,
        key: &RequestKey,
        cause: &Cause,
    ) -> Result<(Change, Accepted), StoreError> {
        let now = self.ports.clock.now();
        let placed = Order::place(Placed {
            order: basis.order,
            customer: basis.customer,
            cart: basis.cart,
            replaces: basis.replaces,
            contact: details.contact.clone(),
            locale: details.locale,
            lines,
            payment_method: details.payment_method,
            placed_at: now,
            expires_at: now + self.rules.saga_timeout,
        });
        let change = Change::new(now, cause.clone());
        let (change, order) =
            change.with_order(&Present::nothing(), &[placed], self.rules.snapshot_every)?;
        let accepted = Accepted { order: order.id(), body: answer(&order)? };
        let reply = accepted.clone().kept_for(key);
        Ok((Change { reply: Some((key.clone(), reply)), ..change }, accepted))
    }
}

/// Where a new order comes from.
#[derive(Debug)]
pub(super) struct Basis {
    pub(super) order: OrderId,
    pub(super) customer: CustomerId,
    pub(super) cart: Option<CartId>,
    pub(super) replaces: Option<OrderId>,
}

impl Accepted {
    /// The earlier answer, if it was to the same request.
    pub(super) fn again(reply: Reply, key: &RequestKey) -> Option<Self> {
        (reply.fingerprint == key.fingerprint)
            .then_some(Self { order: reply.order, body: reply.body })
    }

    fn kept_for(self, key: &RequestKey) -> Reply {
        Reply { fingerprint: key.fingerprint.clone(), order: self.order, body: self.body }
    }
}

/// A cart of someone else's is answered like one that does not exist.
fn own_cart(
    past: Present<Cart>,
    command: &PlaceOrder,
) -> Result<(Present<Cart>, Cart), PlaceOrderError> {
    let owner = CartOwner::Customer(command.key.customer);
    match past.state.clone().filter(|cart| cart.owner() == owner) {
        Some(cart) => Ok((past, cart)),
        None => Err(PlaceOrderError::UnknownCart(command.cart)),
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    id: OrderId,
    status: &'static str,
    total: shop_kernel::Money,
    placed_at: &'a chrono::DateTime<chrono::Utc>,
    expires_at: &'a chrono::DateTime<chrono::Utc>,
}

fn answer(order: &Order) -> Result<String, serde_json::Error> {
    let placed = order.placed();
    serde_json::to_string(&Answer {
        id: order.id(),
        status: "provisional",
        total: order.total(),
        placed_at: &placed.placed_at,
        expires_at: &placed.expires_at,
    })
}
