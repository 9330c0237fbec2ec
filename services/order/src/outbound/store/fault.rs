//! What an error of the database means to the core.

use order_core::ports::StoreError;
use sea_orm::{DbErr, SqlErr};

/// Translates an error; a lost race is a conflict, whichever constraint noticed it.
pub(super) fn of(error: DbErr) -> StoreError {
    if chassis_db::is_unique_violation(&error) || chassis_db::is_conflict(&error) {
        StoreError::Conflict
    } else if chassis_db::is_unavailable(&error) {
        StoreError::Unavailable(error.into())
    } else {
        StoreError::Failed(error.into())
    }
}

/// Whether the row that was there already is one of this table.
pub(super) fn is_duplicate_in(error: &DbErr, table: &str) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(text)) if text.contains(table))
}
