#![doc = include_str!("../README.md")]

mod backoff;
mod breaker;
mod budget;
mod bulkhead;
mod figures;
mod guard;
mod policy;
mod verdict;
mod window;

pub use breaker::{Breaker, Permit, Rejected, State};
pub use budget::RetryBudget;
pub use bulkhead::{Bulkhead, Slot};
pub use figures::Labels;
pub use guard::{Denied, Guard, Limits};
pub use policy::{Backoff, BreakerPolicy, BudgetPolicy, Policy};
pub use verdict::{Failure, Verdict};
