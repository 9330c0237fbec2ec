//! What the core is promised by its store: one suite, run for SQLite and for PostgreSQL.

mod appends;
mod book;
mod checkout;
mod support;
mod upcast;
