//! What this service uses: its store and the provider.

pub(crate) mod books;
pub(crate) mod credit;
pub(crate) mod methods;
pub(crate) mod provider;
pub(crate) mod reports;
mod rows;
