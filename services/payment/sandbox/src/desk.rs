//! The desk: takes requests one after the other, writes each answer down, then gives it.

use std::sync::{Arc, Mutex, PoisonError};

use shop_kernel::Clock;
use uuid::Uuid;

use crate::bank::{Bank, BankError, Charge, ChargeOrder, Decision, Entry, Refund, RefundOrder};
use crate::card::{Behavior, Card};
use crate::ledger::{Ledger, LedgerError, Line};

/// Everything behind the HTTP API.
#[derive(Debug)]
pub(crate) struct Desk {
    clock: Arc<dyn Clock>,
    books: Mutex<Books>,
}

#[derive(Debug)]
struct Books {
    ledger: Ledger,
    bank: Bank,
}

/// Why the desk did not answer a request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeskError {
    /// It makes no sense.
    #[error(transparent)]
    Bank(#[from] BankError),
    /// It could not be written down, so it did not happen.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Desk {
    /// Opens the desk with what the ledger says.
    #[must_use]
    pub(crate) fn open(ledger: Ledger, clock: Arc<dyn Clock>) -> Self {
        let mut bank = Bank::default();
        for line in ledger.lines() {
            bank.apply(&line.entry);
        }
        Self { clock, books: Mutex::new(Books { ledger, bank }) }
    }

    /// Stores a card under a new token.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub(crate) fn tokenize(&self, card: Card) -> Result<String, DeskError> {
        let token = format!("tok_{}", Uuid::new_v4().simple());
        self.with(|books| books.write(&*self.clock, Entry::Token { token: token.clone(), card }))?;
        Ok(token)
    }

    /// Answers a charge, and tells whether the card is a slow one and asked for the first time.
    ///
    /// # Errors
    /// When it makes no sense or cannot be written down.
    pub(crate) fn charge(&self, order: ChargeOrder) -> Result<(Charge, bool), DeskError> {
        self.with(|books| match books.bank.decide_charge(order)? {
            Decision::Known(charge) => Ok((charge, false)),
            Decision::New(charge) => {
                let is_slow = books.bank.behavior(&charge.token) == Some(Behavior::IsSlow);
                books.write(&*self.clock, Entry::Charge(charge.clone()))?;
                Ok((charge, is_slow))
            }
        })
    }

    /// Answers a refund.
    ///
    /// # Errors
    /// When it makes no sense or cannot be written down.
    pub(crate) fn refund(&self, order: RefundOrder) -> Result<Refund, DeskError> {
        self.with(|books| match books.bank.decide_refund(order)? {
            Decision::Known(refund) => Ok(refund),
            Decision::New(refund) => {
                books.write(&*self.clock, Entry::Refund(refund.clone()))?;
                Ok(refund)
            }
        })
    }

    /// Lets refunds of a charge through from now on, whatever its card does.
    ///
    /// # Errors
    /// When there is no such charge or it cannot be written down.
    pub(crate) fn allow_refunds(&self, charge: &str) -> Result<(), DeskError> {
        self.with(|books| {
            let known = books.bank.charge(charge).ok_or(BankError::UnknownCharge)?;
            if !known.refuses_refunds {
                return Ok(());
            }
            books.write(&*self.clock, Entry::RefundsAllowed { charge: charge.to_owned() })
        })
    }

    /// The charge of a key.
    #[must_use]
    pub(crate) fn find_charge(&self, key: &str) -> Option<Charge> {
        self.with(|books| books.bank.charge(key).cloned())
    }

    /// Up to `limit` ledger lines after line number `after`, and whether those are the last.
    #[must_use]
    pub(crate) fn lines(&self, after: u64, limit: usize) -> (Vec<Line>, bool) {
        self.with(|books| {
            let start = usize::try_from(after).unwrap_or(usize::MAX);
            let rest = books.ledger.lines().get(start..).unwrap_or_default();
            (rest.iter().take(limit).cloned().collect(), rest.len() <= limit)
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Books) -> T) -> T {
        // A poisoned lock is fine: an entry is applied only after it was written whole.
        act(&mut self.books.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Books {
    fn write(&mut self, clock: &dyn Clock, entry: Entry) -> Result<(), DeskError> {
        self.ledger.append(clock.now(), entry.clone())?;
        self.bank.apply(&entry);
        Ok(())
    }
}
