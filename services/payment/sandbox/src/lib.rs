#![doc = include_str!("../README.md")]

pub mod bank;
pub mod card;
mod config;
mod desk;
mod http;
mod keys;
mod ledger;
mod mode;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use chassis::auth::Verifier;
use chassis::health::{self, Health};
use chassis::peer::Client;
use chassis::{Phase, Server, Service, ShutdownHandle, TaskSet};
use shop_kernel::Clock;

pub use config::{ApiConfig, BehaviorConfig, Config, LedgerConfig};
pub use mode::Mode;

use desk::Desk;
use keys::KeyFile;
use ledger::Ledger;
use mode::Switch;

/// What the sandbox provider is called.
pub const SERVICE: Service = Service {
    name: "sandbox-provider",
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("SHOP_COMMIT"),
    summary: "A payment provider to try the shop with: test cards, its own ledger, no money.",
    defaults: include_str!("../config/default.toml"),
    routes: http::routes,
};

/// The sandbox provider, serving.
#[derive(Debug)]
pub struct Application {
    address: SocketAddr,
    tasks: TaskSet,
}

impl Application {
    /// Reads the ledger and begins to serve; dropping the result is a kill.
    ///
    /// # Errors
    /// When the ledger is broken or the address is taken.
    pub async fn build(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let dir = &config.ledger.dir;
        let ledger = Ledger::open(dir).context("could not open the ledger")?;
        let desk = Arc::new(Desk::open(ledger, Arc::clone(&clock)));

        let identity = Client::new()?.peer("identity", &config.peers.identity);
        let kept = KeyFile::in_folder(dir);
        let verifier = Verifier::keeping(kept, identity, Arc::clone(&clock)).await?;
        let verifier = Arc::new(verifier);

        let slow = http::SlowFor(Duration::from_millis(config.behavior.slow_ms));
        let health = Health::of(LedgerFile).with_keys(Arc::clone(&verifier));
        let server = Server::bind(&SERVICE, &config.http, Arc::new(health))?
            .data(Arc::clone(&verifier))
            .data(Arc::new(http::ApiKey::new(config.api.key_secret)))
            .data(Arc::new(Switch::default()))
            .data(Arc::new(slow))
            .data(clock)
            .data(desk);
        let address = server.address();

        let mut tasks = TaskSet::new(SERVICE.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        tasks.spawn(Phase::Work, "keys", |stop| verifier.keep_fresh(stop));
        Ok(Self { address, tasks })
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

/// The ledger as a store that is there or not: a file that was opened stays open.
struct LedgerFile;

#[async_trait]
impl health::Store for LedgerFile {
    async fn is_up(&self) -> bool {
        true
    }
}
