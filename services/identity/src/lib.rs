//! Who a customer is.

pub mod hasher;
pub mod password;
pub mod refresh_token;
