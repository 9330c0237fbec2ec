//! shop-tests.
