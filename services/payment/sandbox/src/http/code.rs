//! The codes of this API's problems; the README lists them.

pub(super) const CARD_NOT_VALID: &str = "card-not-valid";
pub(super) const DOWN: &str = "provider-down";
pub(super) const KEY_INVALID: &str = "api-key-invalid";
pub(super) const KEY_MISSING: &str = "idempotency-key-missing";
pub(super) const KEY_REUSED: &str = "idempotency-key-reused";
pub(super) const NOTHING_CHARGED: &str = "nothing-charged";
pub(super) const NOT_POSITIVE: &str = "amount-not-positive";
pub(super) const TOO_MUCH: &str = "refund-too-large";
pub(super) const UNKNOWN_CHARGE: &str = "unknown-charge";
pub(super) const UNKNOWN_TOKEN: &str = "unknown-token";

#[cfg(test)]
mod tests {
    #[test]
    fn the_readme_lists_every_code() {
        let readme = include_str!("../../README.md");
        let constants = include_str!("code.rs").lines().filter(|l| l.starts_with("pub(super)"));

        for code in constants.filter_map(|line| line.split('"').nth(1)) {
            assert!(readme.contains(&format!("`{code}`")), "{code} is not in the README");
        }
    }
}
