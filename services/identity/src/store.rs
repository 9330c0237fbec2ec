//! The rows identity keeps.

pub(crate) mod customer;
pub(crate) mod limit;
pub(crate) mod refresh_token;
pub(crate) mod session;
pub(crate) mod signing_key;
