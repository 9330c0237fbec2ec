//! One request's visitor: which token speaks for them, and what became of it meanwhile.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use shop_kernel::Clock;

use super::{CustomerTokens, GuestToken, SPARE};
use crate::failure::{Failure, NOT_SIGNED_IN, SESSION_EXPIRED};

/// Whoever asks. Shared by the fields of an operation, and of a batch of them.
pub(crate) struct Visitor {
    state: Mutex<State>,
    forwarded_for: String,
    clock: Arc<dyn Clock>,
}

struct State {
    customer: Option<CustomerTokens>,
    guest: Option<GuestToken>,
    /// The refresh token the browser had when it asked.
    came_with: Option<String>,
    customer_changed: Option<Change>,
    guest_changed: bool,
    expired: bool,
}

/// How a browser's tokens came to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Somebody signed in or out.
    Meant,
    /// They were traded in, or have ended.
    Met,
    /// A service did not take them.
    Distrusted,
}

/// The customer's tokens as the browser has to keep them.
pub(super) struct Customers {
    pub(super) came_with: Option<String>,
    pub(super) kept: Option<CustomerTokens>,
    pub(super) change: Change,
}

/// The guest's, likewise.
pub(super) struct Kept(pub(super) Option<GuestToken>);

impl Visitor {
    pub(super) fn new(
        customer: Option<CustomerTokens>,
        guest: Option<GuestToken>,
        forwarded_for: String,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let came_with = customer.as_ref().map(|tokens| tokens.refresh.clone());
        let (customer_changed, guest_changed, expired) = (None, false, false);
        let state = State { customer, guest, came_with, customer_changed, guest_changed, expired };
        let visitor = Self { state: Mutex::new(state), forwarded_for, clock };
        visitor.forget_what_has_ended();
        visitor
    }

    /// The way the request came.
    pub(crate) fn forwarded_for(&self) -> &str {
        &self.forwarded_for
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The token of the signed-in customer.
    ///
    /// # Errors
    /// When nobody is signed in, any more, or it cannot be told because identity is away.
    pub(crate) fn customer(&self) -> Result<String, Failure> {
        let state = self.state();
        match &state.customer {
            Some(tokens) if tokens.access_until > self.now() => Ok(tokens.access.clone()),
            Some(_) => Err(Failure::unavailable("identity")),
            None if state.expired => Err(expired()),
            None => Err(Failure::new(NOT_SIGNED_IN, "sign in first")),
        }
    }

    /// The token of whoever has a cart: the customer, else the guest.
    ///
    /// # Errors
    /// When the customer has to sign in again, or it cannot be told because identity is away.
    pub(crate) fn shopper(&self) -> Result<Option<String>, Failure> {
        if self.is_signed_in() {
            return self.customer().map(Some);
        }
        match self.guest() {
            None if self.state().expired => Err(expired()),
            guest => Ok(guest),
        }
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.state().customer.is_some()
    }

    /// The guest's token: beside a customer's, their carts still have to be merged.
    pub(crate) fn guest(&self) -> Option<String> {
        self.state().guest.as_ref().map(|guest| guest.access.clone())
    }

    pub(crate) fn sign_in(&self, tokens: CustomerTokens) {
        let mut state = self.state();
        state.customer = Some(tokens);
        state.expired = false;
        state.customer_changed = Some(Change::Meant);
    }

    pub(crate) fn become_guest(&self, guest: GuestToken) {
        let mut state = self.state();
        state.guest = Some(guest);
        state.guest_changed = true;
    }

    /// The guest's cart is the customer's now.
    pub(crate) fn no_longer_guest(&self) {
        let mut state = self.state();
        state.guest_changed |= state.guest.take().is_some();
    }

    /// Leaves nothing behind in the browser, which may be a library's.
    pub(crate) fn sign_out(&self) {
        let mut state = self.state();
        (state.customer, state.guest, state.expired) = (None, None, false);
        (state.customer_changed, state.guest_changed) = (Some(Change::Meant), true);
    }

    /// A service did not take the access token: the next request trades it in.
    pub(crate) fn distrust(&self) {
        let now = self.now();
        let mut state = self.state();
        if let Some(tokens) = &mut state.customer {
            tokens.access_until = now;
            state.customer_changed.get_or_insert(Change::Distrusted);
        }
    }

    /// The same session with fresh tokens.
    pub(super) fn go_on(&self, tokens: CustomerTokens) {
        let mut state = self.state();
        state.customer = Some(tokens);
        state.customer_changed = Some(Change::Met);
    }

    pub(super) fn expire(&self) {
        let mut state = self.state();
        state.customer = None;
        state.expired = true;
        state.customer_changed = Some(Change::Met);
    }

    /// The refresh token, where the access token has to be traded in.
    pub(super) fn must_refresh(&self) -> Option<String> {
        let state = self.state();
        let tokens = state.customer.as_ref()?;
        (tokens.access_until - SPARE <= self.now()).then(|| tokens.refresh.clone())
    }

    /// The customer's tokens, where the browser has others.
    pub(super) fn customers(&self) -> Option<Customers> {
        let state = self.state();
        let change = state.customer_changed?;
        Some(Customers { came_with: state.came_with.clone(), kept: state.customer.clone(), change })
    }

    /// The guest's token, where the browser has another.
    pub(super) fn guests(&self) -> Option<Kept> {
        let state = self.state();
        state.guest_changed.then(|| Kept(state.guest.clone()))
    }

    fn forget_what_has_ended(&self) {
        let now = self.now();
        let mut state = self.state();
        if state.guest.as_ref().is_some_and(|guest| guest.until <= now) {
            state.guest = None;
            state.guest_changed = true;
        }
        if state.customer.as_ref().is_some_and(|tokens| tokens.ends_at <= now) {
            state.customer = None;
            state.expired = true;
            state.customer_changed = Some(Change::Met);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn expired() -> Failure {
    Failure::new(SESSION_EXPIRED, "sign in again to go on")
}
