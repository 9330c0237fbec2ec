//! The payment, fact by fact: given a history of acts, when one more, then this.

mod charging;
mod fixture;
mod random;
mod refunding;
