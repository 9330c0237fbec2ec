//! What this service refuses, as problems.

use chassis::Problem;

use crate::catalog::{AddProductError, AdjustError, ChangeProductError, Fault};

pub(super) const BELOW_ZERO: &str = "below-zero";
pub(super) const CURRENCY_NEEDED: &str = "currency-needed";
pub(super) const CURSOR_NOT_VALID: &str = "cursor-not-valid";
pub(super) const IDEMPOTENCY_KEY_NEEDED: &str = "idempotency-key-needed";
pub(super) const IDEMPOTENCY_KEY_REUSED: &str = "idempotency-key-reused";
pub(super) const IDS_NOT_VALID: &str = "ids-not-valid";
pub(super) const PRODUCT_NOT_FOUND: &str = "product-not-found";
pub(super) const SLUG_TAKEN: &str = "slug-taken";
pub(super) const UNKNOWN_CATEGORY: &str = "unknown-category";
pub(super) const VERSION_CONFLICT: &str = "version-conflict";

/// Every code above; the README lists them with their meaning.
#[cfg(test)]
const CODES: [&str; 10] = [
    BELOW_ZERO,
    CURRENCY_NEEDED,
    CURSOR_NOT_VALID,
    IDEMPOTENCY_KEY_NEEDED,
    IDEMPOTENCY_KEY_REUSED,
    IDS_NOT_VALID,
    PRODUCT_NOT_FOUND,
    SLUG_TAKEN,
    UNKNOWN_CATEGORY,
    VERSION_CONFLICT,
];

pub(super) fn no_such_product() -> Problem {
    Problem::not_found(PRODUCT_NOT_FOUND, "there is no such product")
}

pub(super) fn cursor_not_valid() -> Problem {
    let detail = "take the cursor from the page before, and leave the sort order as it was";
    Problem::bad_request(CURSOR_NOT_VALID, detail)
}

fn slug_taken() -> Problem {
    Problem::conflict(SLUG_TAKEN, "another product has this slug")
}

fn unknown_category() -> Problem {
    Problem::unprocessable(UNKNOWN_CATEGORY, "there is no such category")
}

fn key_reused() -> Problem {
    let detail = "this Idempotency-Key was used for another request";
    Problem::unprocessable(IDEMPOTENCY_KEY_REUSED, detail)
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) => error.into(),
            Fault::Message(_) => Self::internal(fault),
        }
    }
}

impl From<AddProductError> for Problem {
    fn from(error: AddProductError) -> Self {
        match error {
            AddProductError::SlugTaken => slug_taken(),
            AddProductError::UnknownCategory => unknown_category(),
            AddProductError::KeyReused => key_reused(),
            AddProductError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ChangeProductError> for Problem {
    fn from(error: ChangeProductError) -> Self {
        match error {
            ChangeProductError::NotFound => no_such_product(),
            ChangeProductError::VersionConflict { current } => {
                Self::conflict(VERSION_CONFLICT, "the product was changed meanwhile")
                    .with("current", current)
            }
            ChangeProductError::SlugTaken => slug_taken(),
            ChangeProductError::UnknownCategory => unknown_category(),
            ChangeProductError::Fault(fault) => fault.into(),
        }
    }
}

impl From<AdjustError> for Problem {
    fn from(error: AdjustError) -> Self {
        match error {
            AdjustError::NotFound => no_such_product(),
            AdjustError::BelowZero { available } => {
                Self::conflict(BELOW_ZERO, "fewer are available than would be taken away")
                    .with("available", available)
            }
            AdjustError::KeyReused => key_reused(),
            AdjustError::Fault(fault) => fault.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_lists_every_code_and_no_other() {
        let readme = include_str!("../../README.md");
        let table = readme.split("## Error codes").nth(1).unwrap().split("\n## ").next().unwrap();

        let mut listed: Vec<&str> = table
            .lines()
            .filter_map(|line| line.split('|').nth(2))
            .filter_map(|cell| cell.trim().strip_prefix('`')?.strip_suffix('`'))
            .collect();
        listed.sort_unstable();

        assert_eq!(listed, CODES);
    }
}
