//! Opening a pool, migrating it, and beginning a transaction that may write.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, EntityTrait as _, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use sea_orm_migration::{MigrationTrait, MigratorTraitSelf, seaql_migrations};
use sqlx::Connection as _;
use tokio::time::timeout;

use crate::is_unavailable;

/// A writer on SQLite waits this long for another to finish; their transactions take milliseconds.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// A request waits this long for a connection before it is told the store is busy.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// Used so recently, a connection is taken to be alive. Any other may be one that a restart of the
/// server left behind: each of those would fail a request, minutes after the server is back.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// Not longer: a connection of an HTTP thread that has ended never answers, and at a stop, when
/// threads end one after the other, somebody gets it.
const ALIVE_WITHIN: Duration = Duration::from_millis(250);

/// Any number does, as long as nobody else locks it in these databases.
const MIGRATION_LOCK: i64 = 7_340_011;

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It did not answer.
    #[error("could not connect to the store")]
    Connect(#[source] DbErr),
    /// It answered, and refused a migration.
    #[error("could not migrate the store")]
    Migrate(#[source] DbErr),
    /// It answered, and is not migrated.
    #[error("the store lacks migrations, which are to be made by a job: {}", .0.join(", "))]
    Behind(Vec<String>),
}

/// Opens the store at `url` (`postgres:` or `sqlite:`) and brings its schema up to date.
///
/// `max_connections` bounds the pool on PostgreSQL: at least 2, and replicas times this must stay
/// below the server's limit. SQLite always has one connection, so never ask the pool for another
/// while a transaction is open.
/// Several processes may open one store at once: migrations run under a lock.
///
/// # Errors
/// When the store does not answer or a migration fails; neither leaves a half-migrated schema.
pub async fn open(
    url: &str,
    max_connections: u32,
    migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
) -> Result<DatabaseConnection, OpenError> {
    let db = Database::connect(options(url, max_connections)).await.map_err(OpenError::Connect)?;
    migrate(&db, migrations).await.map_err(OpenError::Migrate)?;
    Ok(db)
}

/// Opens the store at `url` as [`open`] does, and changes nothing in it: for where a job migrates, and
/// the role of the service may not.
///
/// # Errors
/// When the store does not answer, or lacks a migration.
pub async fn open_migrated(
    url: &str,
    max_connections: u32,
    migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
) -> Result<DatabaseConnection, OpenError> {
    let db = Database::connect(options(url, max_connections)).await.map_err(OpenError::Connect)?;
    let made = match seaql_migrations::Entity::find().all(&db).await {
        Ok(made) => made,
        Err(error) if is_unavailable(&error) => return Err(OpenError::Connect(error)),
        // Nobody has migrated it yet.
        Err(_) => Vec::new(),
    };
    let is_made = |name: &str| made.iter().any(|made| made.version == name);
    let wanted = migrations().into_iter().map(|migration| migration.name().to_owned());
    let lacking: Vec<_> = wanted.filter(|name| !is_made(name)).collect();
    if lacking.is_empty() { Ok(db) } else { Err(OpenError::Behind(lacking)) }
}

fn options(url: &str, max_connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    // SQLite has one writer at a time. Writers on several connections poll for the lock, and some
    // starve; on one connection they queue, in order, and each takes well under a millisecond.
    let connections = if url.starts_with("sqlite:") { 1 } else { max_connections };
    options
        .sqlx_logging(false)
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A ping before every use costs a round trip; what is not used for a while is asked below.
        .test_before_acquire(false)
        .map_sqlx_postgres_before_acquire(|connection, past| {
            Box::pin(async move {
                if past.idle_for < TRUSTED_FOR {
                    return Ok(true);
                }
                match timeout(ALIVE_WITHIN, connection.ping()).await {
                    Ok(answer) => answer.map(|()| true),
                    Err(_) => Err(sqlx::Error::PoolTimedOut),
                }
            })
        })
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .journal_mode(SqliteJournalMode::Wal)
                // With WAL this survives `kill -9`; only a power loss may take the last commits.
                .synchronous(SqliteSynchronous::Normal)
                .busy_timeout(SQLITE_BUSY_TIMEOUT)
        });
    options
}

async fn migrate(
    db: &DatabaseConnection,
    migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
) -> Result<(), DbErr> {
    let migrator = Migrations(migrations);
    if !is_postgres(db) {
        return migrator.up(db, None).await;
    }
    // Replicas start together; the lock is the transaction's, so it ends with it.
    let lock = db.begin().await?;
    lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    migrator.up(db, None).await?;
    lock.commit().await
}

struct Migrations(fn() -> Vec<Box<dyn MigrationTrait>>);

impl MigratorTraitSelf for Migrations {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        (self.0)()
    }
}

/// Begins a transaction that may write.
///
/// SQLite must be told so: a transaction that reads first and writes later fails at once when
/// another has written in between, whatever the busy timeout.
///
/// A caller that goes away while this waits leaves nothing open.
///
/// # Errors
/// When the store is away or too busy.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let sqlite_transaction_mode = (!is_postgres(db)).then_some(SqliteTransactionMode::Immediate);
    let db = db.clone();
    // sqlx 0.9 forgets a `BEGIN` that is dropped between its sending and its answer, and gives the
    // connection back to the pool inside the transaction: whoever gets it next writes into a
    // transaction nobody commits. A task of its own is not dropped with the caller, and what it
    // began is rolled back when nobody takes it.
    #[expect(clippy::disallowed_methods, reason = "ends by itself, within the acquire timeout")]
    let begun = tokio::spawn(async move {
        let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
        db.begin_with_options(options).await
    });
    begun.await.map_err(|error| DbErr::Custom(format!("the transaction was not begun: {error}")))?
}

/// Tells whether SQL for PostgreSQL is understood here.
pub fn is_postgres(db: &impl sea_orm::ConnectionTrait) -> bool {
    db.get_database_backend() == DbBackend::Postgres
}

/// Tells whether the store answers now.
pub async fn is_up(db: &DatabaseConnection) -> bool {
    let ask = db.execute_unprepared("SELECT 1");
    matches!(timeout(ACQUIRE_TIMEOUT, ask).await, Ok(Ok(_)))
}
