#![doc = include_str!("../README.md")]

mod config;
mod contacts;
mod http;
pub mod letter;
pub mod mailer;
mod mails;
mod migration;
pub mod news;
pub mod scripts;
pub mod sender;

use std::net::SocketAddr;
use std::sync::Arc;

use chassis::auth::{SqlKeys, Verifier};
use chassis::health::Health;
use chassis::ops::Operations;
use chassis::{Phase, Server, Service, ShutdownHandle, TaskSet, peer};
use chassis_messaging::{Broker, Consumer, Wake, Worker};
use shop_contracts::routing;
use shop_kernel::Clock;

pub use config::{Config, SmtpConfig};
pub use http::MAIL_UNKNOWN;
pub use mails::State;
pub use migration::migrations;

use scripts::Scripts;
use sender::Sender;

/// What email says about itself.
pub const SERVICE: Service = Service {
    name: "email",
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("SHOP_COMMIT"),
    summary: "Mails to customers about their orders.",
    defaults: include_str!("../config/default.toml"),
    routes: http::routes,
};

/// As many messages as share a transaction; more would make the last of them wait.
const NOTICES_AT_ONCE: u16 = 32;

/// The running service. Dropping it ends it at once, as a kill would.
#[derive(Debug)]
pub struct Application {
    address: SocketAddr,
    tasks: TaskSet,
}

impl Application {
    /// Builds the whole service; it serves when this returns.
    ///
    /// # Errors
    /// When a setting is wrong, the store does not open, or the address is taken.
    pub async fn build(
        config: Config,
        broker: Arc<dyn Broker>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let mailer = config.smtp.mailer()?;
        let db = config.database.open(migrations).await?;
        let identity = peer::Client::new()?.peer("identity", &config.peers.identity);
        let verifier =
            Arc::new(Verifier::keeping(SqlKeys(db.clone()), identity, clock.clone()).await?);

        let connected = Arc::clone(&broker);
        let health = Health::of(db.clone())
            .with_keys(Arc::clone(&verifier))
            .reporting("broker", move || connected.is_connected());
        let operations =
            Operations::new(&SERVICE, Some(db.clone()), Arc::clone(&broker), clock.clone());
        let operations = Arc::new(operations);
        let server = Server::bind(&SERVICE, &config.http, Arc::new(health))?
            .data(Arc::clone(&verifier))
            .data(Arc::clone(&operations))
            .data(Arc::new(db.clone()));
        let address = server.address();

        let wake = Wake::default();
        let scripts = Scripts::over(db.clone(), clock.clone(), wake.clone());
        let consumer =
            Consumer::new(routing::EMAIL_NOTICES, broker, Arc::new(scripts), Arc::new(db.clone()))
                .in_batches(NOTICES_AT_ONCE);
        let sender = Arc::new(Sender::new(db.clone(), mailer, clock.clone()));
        let backoff = config.smtp.backoff();
        let worker = Worker::new(SERVICE.name, db.clone(), sender, clock, wake, backoff, 1)
            .in_batches(mailer::CONNECTIONS);

        let mut tasks = TaskSet::new(SERVICE.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        tasks.spawn(Phase::Work, "keys", |stop| verifier.keep_fresh(stop));
        tasks.spawn(
            Phase::Work,
            "figures",
            |stop| async move { operations.keep_figures(stop).await },
        );
        tasks.spawn(Phase::Work, "notices", |stop| async move {
            consumer.run(stop).await;
            Ok(())
        });
        tasks.spawn(Phase::Work, "sender", |stop| async move {
            worker.run(stop).await;
            Ok(())
        });
        tasks.at_the_end(async move { drop(db.close().await) });
        Ok(Self { address, tasks })
    }

    /// Brings the store up to date, and nothing else.
    ///
    /// # Errors
    /// When the store does not open or a migration fails.
    pub async fn migrate(config: Config) -> anyhow::Result<()> {
        let db = config.database.open_and_migrate(migrations).await?;
        db.close().await?;
        tracing::info!("the store is up to date");
        Ok(())
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it from elsewhere.
    #[must_use]
    pub fn shutdown_handle(&self) -> ShutdownHandle {
        self.tasks.shutdown_handle()
    }

    /// Runs until a task ends or the process is told to stop.
    ///
    /// # Errors
    /// When a task ended by itself or failed.
    pub async fn run(self) -> anyhow::Result<()> {
        self.tasks.until_shutdown().await
    }

    /// Stops it in order, finishing what it has.
    pub async fn stop(self) {
        self.tasks.stop().await;
    }
}
