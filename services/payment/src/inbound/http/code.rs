//! The codes of this API's problems; the README lists them.

pub(super) const CARD_NOT_VALID: &str = "card-not-valid";
pub(super) const CONTENDED: &str = "payment-contended";
pub(super) const KEY_MISSING: &str = "idempotency-key-missing";
pub(super) const KEY_REUSED: &str = "idempotency-key-reused";
pub(super) const LIMIT_NOT_VALID: &str = "credit-limit-not-valid";
pub(super) const METHOD_UNKNOWN: &str = "payment-method-unknown";
pub(super) const NOT_PARKED: &str = "refund-not-parked";
pub(super) const PAYMENT_UNKNOWN: &str = "payment-unknown";
pub(super) const PROVIDER_UNAVAILABLE: &str = "provider-unavailable";
pub(super) const REFUND_UNKNOWN: &str = "refund-unknown";
pub(super) const TOO_MANY_METHODS: &str = "too-many-payment-methods";

#[cfg(test)]
mod tests {
    #[test]
    fn the_readme_lists_every_code_and_no_other() {
        let quoted = |line: &'static str| line.split('"').nth(1);
        let mut codes: Vec<_> = include_str!("code.rs")
            .lines()
            .filter(|line| line.starts_with("pub(super) const"))
            .filter_map(quoted)
            .collect();
        let table = include_str!("../../../README.md").split("## Error codes").nth(1).unwrap();
        let mut listed: Vec<_> = table
            .lines()
            .filter(|line| line.starts_with("| 4") || line.starts_with("| 5"))
            .filter_map(|line| line.split('`').nth(1))
            .collect();

        codes.sort_unstable();
        listed.sort_unstable();

        assert_eq!(listed, codes);
    }
}
