//! One request's visitor: which token speaks for them, and what became of it meanwhile.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use shop_kernel::Clock;

use super::{CustomerTokens, GuestToken, SPARE, Tokens};
use crate::failure::{Failure, NOT_SIGNED_IN, SESSION_EXPIRED};

/// Whoever asks. Shared by the fields of an operation, and of a batch of them.
pub(crate) struct Visitor {
    state: Mutex<State>,
    forwarded_for: String,
    clock: Arc<dyn Clock>,
}

struct State {
    tokens: Tokens,
    changed: bool,
    expired: bool,
}

impl Visitor {
    pub(super) fn new(tokens: Tokens, forwarded_for: String, clock: Arc<dyn Clock>) -> Self {
        let state = Mutex::new(State { tokens, changed: false, expired: false });
        let visitor = Self { state, forwarded_for, clock };
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
        match &state.tokens.customer {
            Some(tokens) if tokens.access_until > self.now() => Ok(tokens.access.clone()),
            Some(_) => Err(Failure::unavailable("identity")),
            None if state.expired => Err(Failure::new(SESSION_EXPIRED, "sign in again to go on")),
            None => Err(Failure::new(NOT_SIGNED_IN, "sign in first")),
        }
    }

    /// The token of whoever has a cart: the customer, else the guest.
    ///
    /// # Errors
    /// When it cannot be told because identity is away.
    pub(crate) fn shopper(&self) -> Result<Option<String>, Failure> {
        if self.is_signed_in() {
            return self.customer().map(Some);
        }
        Ok(self.guest())
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.state().tokens.customer.is_some()
    }

    /// The guest's token: beside a customer's, their carts still have to be merged.
    pub(crate) fn guest(&self) -> Option<String> {
        self.state().tokens.guest.as_ref().map(|guest| guest.access.clone())
    }

    pub(crate) fn sign_in(&self, tokens: CustomerTokens) {
        let mut state = self.state();
        state.tokens.customer = Some(tokens);
        state.expired = false;
        state.changed = true;
    }

    pub(crate) fn become_guest(&self, guest: GuestToken) {
        let mut state = self.state();
        state.tokens.guest = Some(guest);
        state.changed = true;
    }

    /// The guest's cart is the customer's now.
    pub(crate) fn no_longer_guest(&self) {
        let mut state = self.state();
        state.changed |= state.tokens.guest.take().is_some();
    }

    /// Leaves nothing behind in the browser, which may be a library's.
    pub(crate) fn sign_out(&self) {
        let mut state = self.state();
        state.tokens = Tokens::default();
        state.changed = true;
    }

    /// A service did not take the access token: the next request trades it in.
    pub(crate) fn distrust(&self) {
        let now = self.now();
        let mut state = self.state();
        if let Some(tokens) = &mut state.tokens.customer {
            tokens.access_until = now;
            state.changed = true;
        }
    }

    pub(super) fn expire(&self) {
        let mut state = self.state();
        state.tokens.customer = None;
        state.expired = true;
        state.changed = true;
    }

    /// The refresh token, where the access token has to be traded in.
    pub(super) fn must_refresh(&self) -> Option<String> {
        let state = self.state();
        let tokens = state.tokens.customer.as_ref()?;
        (tokens.access_until - SPARE <= self.now()).then(|| tokens.refresh.clone())
    }

    /// What the browser has to keep, and for how long; none where it has it already.
    pub(super) fn changed(&self) -> Option<(Tokens, TimeDelta)> {
        let state = self.state();
        if !state.changed {
            return None;
        }
        let customer = state.tokens.customer.as_ref().map(|tokens| tokens.ends_at);
        let guest = state.tokens.guest.as_ref().map(|guest| guest.until);
        let ends_at = customer.max(guest).unwrap_or_else(|| self.now());
        Some((state.tokens.clone(), ends_at - self.now()))
    }

    fn forget_what_has_ended(&self) {
        let now = self.now();
        let mut state = self.state();
        if state.tokens.guest.as_ref().is_some_and(|guest| guest.until <= now) {
            state.tokens.guest = None;
            state.changed = true;
        }
        if state.tokens.customer.as_ref().is_some_and(|tokens| tokens.ends_at <= now) {
            state.tokens.customer = None;
            state.expired = true;
            state.changed = true;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
