//! A short text that is equal for equal views.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::OrderView;

impl OrderView {
    /// The SHA-256 of the view's JSON in lower-case hexadecimal digits: how the audit and a
    /// rebuild compare two folds of one order without looking at a person's address.
    ///
    /// # Errors
    /// When the view has no JSON form; one made of texts, numbers and lists always has.
    pub fn digest(&self) -> Result<String, serde_json::Error> {
        let json = serde_json::to_vec(self)?;
        Ok(Sha256::digest(&json).iter().fold(String::with_capacity(64), |mut text, byte| {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        }))
    }
}
