//! The error codes of this BFF; the README lists them. Those of the services are passed on.

/// The header `Idempotency-Key` is missing or too long.
pub(super) const KEY_MISSING: &str = "idempotency-key-missing";
/// There is no such product.
pub(super) const PRODUCT_NOT_FOUND: &str = "product-not-found";
/// The cursor is not one of this list.
pub(super) const CURSOR_NOT_VALID: &str = "cursor-not-valid";

/// All of them.
#[cfg(test)]
const ALL: [&str; 3] = [KEY_MISSING, PRODUCT_NOT_FOUND, CURSOR_NOT_VALID];

#[cfg(test)]
mod tests {
    #[test]
    fn the_readme_lists_every_code() {
        let readme = include_str!("../../README.md");

        for code in super::ALL {
            assert!(readme.contains(&format!("`{code}`")), "{code} is missing");
        }
    }
}
