//! PostgreSQL, RabbitMQ and MongoDB: where they are found, and private ones in a data folder.
//!
//! An address in the environment comes first, then programs on this machine, then a container
//! engine, then an installation.

mod container;
pub mod install;
mod instance;
mod mongodb;
mod op_msg;
mod postgres;
mod programs;
mod psql;
mod rabbitmq;
mod server_user;

use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::thread;

use anyhow::{Context as _, Result, anyhow};

use crate::console;
use crate::run_folder::RunFolder;
use crate::url;

pub use container::Engine;
pub use mongodb::MongoDb;
pub use postgres::Postgres;
pub use programs::{Programs, in_path};
pub use rabbitmq::RabbitMq;

/// Addresses of servers that somebody else runs.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// A PostgreSQL superuser's URL.
    pub postgres: Option<String>,
    /// RabbitMQ.
    pub amqp: Option<String>,
    /// A MongoDB replica set.
    pub mongodb: Option<String>,
}

impl Given {
    /// Reads `{prefix}POSTGRES_URL`, `{prefix}AMQP_URL` and `{prefix}MONGODB_URL`.
    pub fn from_env(prefix: &str) -> Self {
        let read = |name| env::var(format!("{prefix}{name}")).ok().filter(|url| !url.is_empty());
        Self {
            postgres: read("POSTGRES_URL"),
            amqp: read("AMQP_URL"),
            mongodb: read("MONGODB_URL"),
        }
    }
}

/// How long the data of private servers is meant to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Over a loss of power.
    Lasting,
    /// For one run of the tests: while the machine runs, whatever becomes of the servers.
    Fleeting,
}

/// A server of one kind: given by address, or started by us.
#[derive(Debug)]
pub enum Server<T> {
    /// Somebody else's; stopping it is not our business.
    Given(String),
    /// Our own; it stops when this is dropped.
    Private(T),
}

/// The three servers a shop needs.
#[derive(Debug)]
pub struct Servers {
    /// Keeps the data of all services but one.
    pub postgres: Server<Postgres>,
    /// Carries the messages.
    pub rabbitmq: Server<RabbitMq>,
    /// Keeps the read model.
    pub mongodb: Server<MongoDb>,
}

impl Servers {
    /// Starts what is not given, in folders below `folder`, installing it where that is possible.
    pub fn start(folder: &Path, given: &Given, keeping: Keeping) -> Result<Self> {
        // One after the other: two package managers at once get in each other's way.
        install::ensure(given)?;
        let (postgres, rabbitmq, mongodb) = thread::scope(|scope| {
            let postgres = scope.spawn(|| {
                provide("postgres", &given.postgres, || {
                    Postgres::start(&folder.join("postgres"), keeping)
                })
            });
            let rabbitmq = scope.spawn(|| {
                provide("rabbitmq", &given.amqp, || RabbitMq::start(&folder.join("rabbitmq")))
            });
            let mongodb = scope.spawn(|| {
                provide("mongodb", &given.mongodb, || MongoDb::start(&folder.join("mongodb")))
            });
            (postgres.join(), rabbitmq.join(), mongodb.join())
        });
        let crashed = |_| anyhow!("the thread that starts a server panicked");
        Ok(Self {
            postgres: postgres.map_err(crashed)?.context("PostgreSQL")?,
            rabbitmq: rabbitmq.map_err(crashed)?.context("RabbitMQ")?,
            mongodb: mongodb.map_err(crashed)?.context("MongoDB")?,
        })
    }

    /// The URL of the PostgreSQL superuser.
    pub fn postgres_url(&self) -> String {
        match &self.postgres {
            Server::Given(url) => url.clone(),
            Server::Private(postgres) => postgres.url(),
        }
    }

    /// The URL of the broker.
    pub fn amqp_url(&self) -> String {
        match &self.rabbitmq {
            Server::Given(url) => url.clone(),
            Server::Private(rabbitmq) => rabbitmq.url(),
        }
    }

    /// The URL of the replica set.
    pub fn mongodb_url(&self) -> String {
        match &self.mongodb {
            Server::Given(url) => url.clone(),
            Server::Private(mongodb) => mongodb.url(),
        }
    }

    /// Runs SQL as superuser, in a database of that name.
    pub fn run_sql(&self, database: &str, script: &str) -> Result<()> {
        match &self.postgres {
            Server::Given(url) => psql::Psql::on_this_machine(url)?.run(database, script),
            Server::Private(postgres) => postgres.run_sql(database, script),
        }
    }

    /// Stops our own servers, all at the same time.
    pub fn stop(self) {
        let Self { postgres, rabbitmq, mongodb } = self;
        thread::scope(|scope| {
            // Each stops as it is dropped.
            scope.spawn(move || drop(postgres));
            scope.spawn(move || drop(rabbitmq));
            scope.spawn(move || drop(mongodb));
        });
    }
}

/// Deletes the data of servers that were started below `folder`, and ends what a killed owner
/// left running there.
///
/// # Errors
/// When one of them is in use.
pub fn wipe(folder: &Path) -> Result<()> {
    for name in ["postgres", "rabbitmq", "mongodb"] {
        let server = folder.join(name);
        if server.exists() {
            let _mine = RunFolder::open(&server)?;
            container::forget_volume(&server);
            server_user::remove_outside_data(&server)?;
        }
    }
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.with_context(|| format!("could not delete {}", folder.display())),
    }
}

fn provide<T>(
    name: &str,
    given: &Option<String>,
    start: impl FnOnce() -> Result<T>,
) -> Result<Server<T>> {
    match given {
        Some(url) => {
            console::progress(name, format!("given: {}", url::place(url)));
            Ok(Server::Given(url.clone()))
        }
        None => start().map(Server::Private),
    }
}
