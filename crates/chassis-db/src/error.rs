//! What an error of the store means to the one who got it.

use sea_orm::sqlx::postgres::PgDatabaseError;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

/// Whether the store itself is away or too busy, so that the same work may succeed later.
#[must_use]
pub fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            is_connection_lost(error)
        }
        _ => false,
    }
}

/// Whether a row with that key exists already.
#[must_use]
pub fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Whether a transaction lost against another, so that the same work may succeed at once.
#[must_use]
pub fn is_conflict(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        return false;
    };
    // serialization_failure and deadlock_detected.
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01"))
}

fn is_connection_lost(error: &sqlx::Error) -> bool {
    use sqlx::Error as E;
    match error {
        E::Io(_)
        | E::Tls(_)
        | E::Protocol(_)
        | E::PoolTimedOut
        | E::PoolClosed
        | E::WorkerCrashed => true,
        E::Database(error) => match error.code() {
            Some(code) if error.try_downcast_ref::<PgDatabaseError>().is_some() => {
                is_postgres_away(&code)
            }
            Some(code) => code.parse().is_ok_and(is_sqlite_away),
            None => false,
        },
        _ => false,
    }
}

/// Class 57P: the server is starting, stopping or was told to end us. Class 08: connection lost.
/// Class 53: out of connections, memory or disk. Class 58: its own files fail it.
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn is_postgres_away(code: &str) -> bool {
    ["57P", "08", "53", "58"].into_iter().any(|class| code.starts_with(class))
}

/// Busy, locked, out of memory, an error of the disk, a full one, a file that cannot be opened.
/// What led there is in the bits above the lowest eight. <https://www.sqlite.org/rescode.html>
fn is_sqlite_away(code: u32) -> bool {
    matches!(code & 0xff, 5 | 6 | 7 | 10 | 13 | 14)
}
