//! What a field costs beside its own one: bounded, whatever is asked for.

/// A list costs what one entry costs, as often as there may be entries. A length that is out of
/// bounds is refused later, by its own rule; here it must only not overflow.
pub(super) fn list(limit: i32, entry: usize) -> usize {
    let length = usize::try_from(limit).unwrap_or_default();
    length.saturating_mul(entry).saturating_add(1)
}

/// Fields that ask several services.
pub(super) const WIDE: usize = 60;
/// Fields that make identity hash a password or open an account: five in one operation at most,
/// and as many operations in a batch; identity bounds its hashes besides.
pub(super) const COSTLY: usize = 250;
