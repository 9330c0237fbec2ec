#![doc = include_str!("../README.md")]

pub mod card;
pub mod checkpoint;
mod config;
mod inbound;
mod migration;
mod money;
mod outbound;
mod parts;

use std::net::SocketAddr;
use std::sync::Arc;

use chassis::auth::{SqlKeys, Verifier};
use chassis::peer::Client;
use chassis::{Phase, Service, ShutdownHandle, TaskSet};
use chassis_messaging::Broker;
use shop_kernel::Clock;

pub use config::{ChargesConfig, Config, CreditConfig, ProviderConfig, RefundsConfig};

use checkpoint::{Checkpoint, Uninterrupted};
use parts::Parts;

/// What the payment service is called, and what it offers.
pub const SERVICE: Service = Service {
    name: "payment",
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("SHOP_COMMIT"),
    summary: "Charges, refunds and store credit.",
    defaults: include_str!("../config/default.toml"),
    routes: inbound::http::routes,
};

/// The payment service, at work.
#[derive(Debug)]
pub struct Application {
    address: SocketAddr,
    tasks: TaskSet,
}

impl Application {
    /// Opens the store and begins to work; dropping the result is a kill.
    ///
    /// # Errors
    /// When the store does not open or the address is taken. Broker, identity and provider may be
    /// away.
    pub async fn build(
        config: Config,
        broker: Arc<dyn Broker>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        Self::build_watched(config, broker, clock, Arc::new(Uninterrupted)).await
    }

    /// Like [`Self::build`], with someone told of every step; see [`checkpoint`].
    ///
    /// # Errors
    /// As [`Self::build`].
    pub async fn build_watched(
        config: Config,
        broker: Arc<dyn Broker>,
        clock: Arc<dyn Clock>,
        checkpoint: Arc<dyn Checkpoint>,
    ) -> anyhow::Result<Self> {
        let db = config.database.open(migration::all).await?;
        let client = Client::new()?;
        let identity = client.peer("identity", &config.peers.identity);
        let keys = SqlKeys(db.clone());
        let verifier = Arc::new(Verifier::keeping(keys, identity, Arc::clone(&clock)).await?);
        let parts = Parts::new(config, db.clone(), broker, clock, verifier, &client, checkpoint)?;

        let server = parts.server()?;
        let address = server.address();
        let mut tasks = TaskSet::new(SERVICE.name);
        parts.spawn(&mut tasks);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        tasks.at_the_end(async move { drop(db.close().await) });
        Ok(Self { address, tasks })
    }

    /// Brings the store up to date, and nothing else.
    ///
    /// # Errors
    /// When the store does not open or a migration fails.
    pub async fn migrate(config: Config) -> anyhow::Result<()> {
        let db = config.database.open_and_migrate(migration::all).await?;
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

    /// Runs until told to stop.
    ///
    /// # Errors
    /// When a task ends by itself.
    pub async fn run(self) -> anyhow::Result<()> {
        self.tasks.until_shutdown().await
    }
}
