//! Store credit: what a customer may owe the shop, and owes.

use shop_kernel::{CustomerId, Money, MoneyError};

/// The store credit of one customer in one currency.
///
/// `used` never passes `limit` through a charge; an operator may lower the limit below what is used
/// already, which only stops further charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CreditAccount {
    customer: CustomerId,
    limit: Money,
    used: Money,
}

/// Why store credit cannot do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    /// The charge would pass the limit.
    #[error("{amount} is more than the {available} of store credit left")]
    LimitExceeded {
        /// What was to be charged.
        amount: Money,
        /// What is left.
        available: Money,
    },
    /// A limit below zero.
    #[error("a credit limit is not negative")]
    NegativeLimit,
    /// More was to be given back than is used: the accounts are wrong.
    #[error("{amount} was to be released, but only {used} is used")]
    NotUsed {
        /// What was to be released.
        amount: Money,
        /// What is used.
        used: Money,
    },
    /// The amounts do not go together.
    #[error("the amount does not fit the account")]
    Amount(#[source] MoneyError),
}

impl CreditAccount {
    /// Opens an account with nothing used.
    ///
    /// # Errors
    /// When the limit is negative.
    pub fn open(customer: CustomerId, limit: Money) -> Result<Self, CreditError> {
        Self::stored(customer, limit, Money::zero(limit.currency))
    }

    /// An account as a store kept it.
    ///
    /// # Errors
    /// When the limit is negative or the currencies differ.
    pub fn stored(customer: CustomerId, limit: Money, used: Money) -> Result<Self, CreditError> {
        if limit.minor < 0 {
            return Err(CreditError::NegativeLimit);
        }
        limit.minus(used).map_err(CreditError::Amount)?;
        Ok(Self { customer, limit, used })
    }

    /// Whose it is.
    #[must_use]
    pub const fn customer(&self) -> CustomerId {
        self.customer
    }

    /// What may be used at most.
    #[must_use]
    pub const fn limit(&self) -> Money {
        self.limit
    }

    /// What is used.
    #[must_use]
    pub const fn used(&self) -> Money {
        self.used
    }

    /// What a charge may still take; never negative.
    #[must_use]
    pub fn available(&self) -> Money {
        let left = self.limit.minor.saturating_sub(self.used.minor).max(0);
        Money::new(left, self.limit.currency)
    }

    /// Takes an amount, if the limit allows it.
    ///
    /// # Errors
    /// When it would pass the limit; the account is then unchanged.
    pub fn reserve(&mut self, amount: Money) -> Result<(), CreditError> {
        let used = self.used.plus(amount).map_err(CreditError::Amount)?;
        if used.minor > self.limit.minor {
            return Err(CreditError::LimitExceeded { amount, available: self.available() });
        }
        self.used = used;
        Ok(())
    }

    /// Gives an amount back.
    ///
    /// # Errors
    /// When less than that is used; the account is then unchanged.
    pub fn release(&mut self, amount: Money) -> Result<(), CreditError> {
        let used = self.used.minus(amount).map_err(CreditError::Amount)?;
        if used.minor < 0 {
            return Err(CreditError::NotUsed { amount, used: self.used });
        }
        self.used = used;
        Ok(())
    }

    /// Sets what may be used at most.
    ///
    /// # Errors
    /// When the limit is negative or of another currency.
    pub fn set_limit(&mut self, limit: Money) -> Result<(), CreditError> {
        *self = Self::stored(self.customer, limit, self.used)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
