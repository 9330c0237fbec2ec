//! How many retries all calls together may make.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::BudgetPolicy;

/// One retry, in hundredths.
const ONE: u32 = 100;

/// A purse: every call pays in a share of a retry, every retry takes a whole one out.
///
/// When most calls fail the purse is soon empty, and retries are then the same small share of the
/// load however bad it gets.
#[derive(Debug)]
pub struct RetryBudget {
    percent: u32,
    most: u32,
    balance: AtomicU32,
}

impl RetryBudget {
    /// A purse that starts with its reserve.
    #[must_use]
    pub fn new(policy: BudgetPolicy) -> Self {
        let most = policy.reserve.saturating_mul(ONE);
        Self { percent: policy.percent, most, balance: AtomicU32::new(most) }
    }

    /// A call is made: pays in its share.
    pub fn pay_in(&self) {
        self.change(|balance| Some(balance.saturating_add(self.percent).min(self.most)));
    }

    /// Takes out one retry, if there is one.
    #[must_use]
    pub fn take(&self) -> bool {
        self.change(|balance| balance.checked_sub(ONE))
    }

    fn change(&self, to: impl FnMut(u32) -> Option<u32>) -> bool {
        self.balance.fetch_update(Ordering::Relaxed, Ordering::Relaxed, to).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(budget: &RetryBudget) -> usize {
        std::iter::repeat_with(|| budget.take()).take_while(|taken| *taken).count()
    }

    #[test]
    fn it_dries_up_and_fills_with_calls() {
        let budget = RetryBudget::new(BudgetPolicy { percent: 20, reserve: 3 });

        let at_first = taken(&budget);
        (0..9).for_each(|_| budget.pay_in());
        let after_nine_calls = taken(&budget);

        assert_eq!((at_first, after_nine_calls), (3, 1));
    }

    #[test]
    fn no_more_than_the_reserve_is_saved_up() {
        let budget = RetryBudget::new(BudgetPolicy { percent: 20, reserve: 3 });

        (0..1000).for_each(|_| budget.pay_in());

        assert_eq!(taken(&budget), 3);
    }

    #[test]
    fn without_a_share_there_are_no_retries() {
        let budget = RetryBudget::new(BudgetPolicy { percent: 0, reserve: 0 });

        budget.pay_in();

        assert!(!budget.take());
    }
}
