//! The bank: what every key was answered, and what a new request is answered. No I/O.

mod entry;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use shop_kernel::Money;

pub use entry::{Charge, ChargeStatus, Entry, Refund, RefundStatus};

use crate::card::{Behavior, Card};

/// A request for a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeOrder {
    /// The idempotency key.
    pub key: String,
    /// The card's token.
    pub token: String,
    /// How much.
    pub amount: Money,
    /// What it is for, in the shop's words.
    pub reference: String,
}

/// A request for a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundOrder {
    /// The idempotency key.
    pub key: String,
    /// The key of the charge.
    pub charge: String,
    /// How much of it.
    pub amount: Money,
}

/// What a request is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision<T> {
    /// As it was before: the key is known.
    Known(T),
    /// Something new, to be written down before it is said.
    New(T),
}

/// Why a request gets no answer at all: it makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// The key was used for something else.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// No such token.
    #[error("there is no such token")]
    UnknownToken,
    /// No such charge.
    #[error("there is no charge of that key")]
    UnknownCharge,
    /// The charge was refused, so there is nothing to give back.
    #[error("the charge took no money")]
    NothingCharged,
    /// More than is left of the charge.
    #[error("the refund is more than what is left of the charge")]
    TooMuch,
    /// Charges are above zero.
    #[error("the amount is not above zero")]
    NotPositive,
}

/// Everything the ledger says, folded.
#[derive(Debug, Default)]
pub struct Bank {
    cards: HashMap<String, Card>,
    charges: HashMap<String, Charge>,
    refunds: HashMap<String, Refund>,
}

impl Bank {
    /// Takes a ledger entry in.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Token { token, card } => {
                self.cards.insert(token.clone(), card.clone());
            }
            Entry::Charge(charge) => {
                self.charges.insert(charge.key.clone(), charge.clone());
            }
            Entry::Refund(refund) => {
                if let Some(charge) = self.charges.get_mut(&refund.charge)
                    && refund.status == RefundStatus::Refunded
                {
                    charge.refunded = charge.refunded.saturating_add(refund.amount.minor);
                }
                self.refunds.insert(refund.key.clone(), refund.clone());
            }
            Entry::RefundsAllowed { charge } => {
                if let Some(charge) = self.charges.get_mut(charge) {
                    charge.refuses_refunds = false;
                }
            }
        }
    }

    /// The charge of a key.
    #[must_use]
    pub fn charge(&self, key: &str) -> Option<&Charge> {
        self.charges.get(key)
    }

    /// How the card behind a token behaves.
    #[must_use]
    pub fn behavior(&self, token: &str) -> Option<Behavior> {
        self.cards.get(token).map(|card| card.behavior)
    }

    /// Decides a charge.
    ///
    /// # Errors
    /// When the key was used for another charge, or the token is unknown.
    pub fn decide_charge(&self, order: ChargeOrder) -> Result<Decision<Charge>, BankError> {
        if let Some(known) = self.charges.get(&order.key) {
            let same = (&known.token, known.amount, &known.reference)
                == (&order.token, order.amount, &order.reference);
            return if same {
                Ok(Decision::Known(known.clone()))
            } else {
                Err(BankError::KeyReused)
            };
        }
        if order.amount.minor <= 0 {
            return Err(BankError::NotPositive);
        }
        let card = self.cards.get(&order.token).ok_or(BankError::UnknownToken)?;
        let status = match card.behavior {
            Behavior::Approves | Behavior::IsSlow | Behavior::RefusesRefunds => {
                ChargeStatus::Approved
            }
            Behavior::Declines => ChargeStatus::Declined,
            Behavior::LacksFunds => ChargeStatus::InsufficientFunds,
            Behavior::FailsWhenCharged => ChargeStatus::CardError,
        };
        Ok(Decision::New(Charge {
            key: order.key,
            token: order.token,
            amount: order.amount,
            reference: order.reference,
            status,
            refunded: 0,
            refuses_refunds: card.behavior == Behavior::RefusesRefunds,
        }))
    }

    /// Decides a refund.
    ///
    /// # Errors
    /// When the key was used for another refund, or there is not that much to give back.
    pub fn decide_refund(&self, order: RefundOrder) -> Result<Decision<Refund>, BankError> {
        if let Some(known) = self.refunds.get(&order.key) {
            let same = (&known.charge, known.amount) == (&order.charge, order.amount);
            return if same {
                Ok(Decision::Known(known.clone()))
            } else {
                Err(BankError::KeyReused)
            };
        }
        if order.amount.minor <= 0 {
            return Err(BankError::NotPositive);
        }
        let charge = self.charges.get(&order.charge).ok_or(BankError::UnknownCharge)?;
        if charge.status != ChargeStatus::Approved {
            return Err(BankError::NothingCharged);
        }
        let left = charge.amount.minor.saturating_sub(charge.refunded);
        if order.amount.currency != charge.amount.currency || order.amount.minor > left {
            return Err(BankError::TooMuch);
        }
        let status =
            if charge.refuses_refunds { RefundStatus::Refused } else { RefundStatus::Refunded };
        let (key, charge, amount) = (order.key, order.charge, order.amount);
        Ok(Decision::New(Refund { key, charge, amount, status }))
    }
}
