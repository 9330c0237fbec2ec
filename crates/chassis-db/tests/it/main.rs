//! What a store owes its callers, on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

mod cancelled;
mod migrated;
mod unavailable;
