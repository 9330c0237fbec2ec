//! A database of its own for each test, gone with it or with its server.

use anyhow::Context as _;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use tempfile::TempDir;

use crate::offered::{is_postgres_fleeting, postgres_url, prefix};

/// An empty database nobody else uses.
///
/// Keep it until the test ends: it is dropped with this value.
#[derive(Debug)]
pub struct TestDb {
    url: String,
    keeper: Keeper,
}

#[derive(Debug)]
enum Keeper {
    Folder(#[expect(dead_code, reason = "dropping it removes the folder")] TempDir),
    Server { admin: String, database: String },
}

/// SQLite always, and PostgreSQL when this run offers it.
///
/// # Panics
/// When one that was offered cannot be had.
pub async fn databases() -> Vec<TestDb> {
    let mut databases = vec![TestDb::sqlite()];
    databases.extend(TestDb::postgres().await);
    databases
}

impl TestDb {
    /// A SQLite file in a folder of its own.
    ///
    /// # Panics
    /// When the temporary folder cannot be made.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test without its database has failed")]
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display());
        Self { url, keeper: Keeper::Folder(folder) }
    }

    /// A new database on the PostgreSQL server of this run, when it offers one.
    ///
    /// # Panics
    /// When the server was offered and does not give one.
    #[expect(clippy::expect_used, reason = "a test without its database has failed")]
    pub async fn postgres() -> Option<Self> {
        let admin = postgres_url()?;
        let database = prefix();
        execute(&admin, &format!("CREATE DATABASE {database}")).await.expect("a new database");
        let url = with_database(&admin, &database);
        Some(Self { url, keeper: Keeper::Server { admin, database } })
    }

    /// Where it is, as `database.url` takes it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Tells whether this one is on the server.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.keeper, Keeper::Server { .. })
    }

    /// Opens it with these migrations applied.
    ///
    /// # Panics
    /// When it does not open.
    #[expect(clippy::expect_used, reason = "a test without its database has failed")]
    pub async fn open(
        &self,
        migrations: fn() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>>,
    ) -> DatabaseConnection {
        // A test needs few connections, and many tests share one server.
        chassis_db::open(&self.url, 5, migrations).await.expect("an open database")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Keeper::Server { admin, database } = &self.keeper else {
            return;
        };
        // Dropping one has the server write down all the others first: seconds, on a slow disk.
        if is_postgres_fleeting() {
            return;
        }
        let (admin, sql) =
            (admin.clone(), format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"));
        // The runtime of the test may be the one that is ending, so this takes its own. What is
        // left when it fails is a database without a reader; the server is thrown away later.
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(anyhow::Error::from)
                .and_then(|runtime| runtime.block_on(execute(&admin, &sql)))
        });
        drop(dropped.join());
    }
}

async fn execute(url: &str, sql: &str) -> anyhow::Result<()> {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.context("no connection to the server")?;
    db.execute_unprepared(sql).await?;
    db.close().await?;
    Ok(())
}

fn with_database(url: &str, database: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, None), |(a, o)| (a, Some(o)));
    let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
    match options {
        Some(options) => format!("{server}/{database}?{options}"),
        None => format!("{server}/{database}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_a_new_database_keeps_server_and_options() {
        let url = with_database("postgres://ada@db:5432/postgres?sslmode=disable", "t1");

        assert_eq!(url, "postgres://ada@db:5432/t1?sslmode=disable");
    }

    #[tokio::test]
    async fn each_database_is_empty_and_gone_with_its_value_or_its_server() {
        for db in databases().await {
            let url = db.url().to_owned();
            let stays = db.is_postgres() && is_postgres_fleeting();
            let store = db.open(Vec::new).await;
            store.execute_unprepared("CREATE TABLE mugs (id INT)").await.unwrap();

            drop((store, db));

            // SQLite would make a new file; PostgreSQL has no such database any more.
            let again = execute(&url, "SELECT id FROM mugs").await;
            assert_eq!(again.is_ok(), stays, "{url}");
        }
    }
}
