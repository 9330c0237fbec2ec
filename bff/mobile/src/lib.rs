#![doc = include_str!("../README.md")]

mod config;
mod http;
mod screen;
mod upstream;

use std::net::SocketAddr;
use std::sync::Arc;

use chassis::auth::{NoKeys, Verifier};
use chassis::health::{Health, NoStore};
use chassis::{Phase, Server, Service, ShutdownHandle, TaskSet, peer};
use shop_kernel::Clock;

pub use config::Config;

use upstream::Upstream;

/// What this service says about itself.
pub const SERVICE: Service = Service {
    name: "mobile-bff",
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("SHOP_COMMIT"),
    summary: "The shop for phones: one answer per screen, composed from the services.",
    defaults: include_str!("../config/default.toml"),
    routes: http::routes,
};

/// The running BFF.
#[derive(Debug)]
pub struct Application {
    address: SocketAddr,
    tasks: TaskSet,
}

impl Application {
    /// Builds and starts it; nothing it composes needs to be there yet.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn build(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let client = peer::Client::new()?;
        let upstream = Arc::new(Upstream::new(&client, &config.peers, config.calls.policy()));
        // Not guarded: keys are asked for by one task, which has patience of its own.
        let keys = client.peer("identity", &config.peers.identity);
        let verifier = Arc::new(Verifier::keeping(NoKeys, keys, Arc::clone(&clock)).await?);

        let health =
            Health::of(NoStore).with_keys(Arc::clone(&verifier)).watching(upstream.peers());
        let server = Server::bind(&SERVICE, &config.http, Arc::new(health))?
            .data(Arc::clone(&verifier))
            .data(upstream)
            .data(clock);
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

    /// A handle that stops it from elsewhere.
    #[must_use]
    pub fn shutdown_handle(&self) -> ShutdownHandle {
        self.tasks.shutdown_handle()
    }

    /// Runs until told to stop.
    ///
    /// # Errors
    /// When a part of it ended by itself.
    pub async fn run(self) -> anyhow::Result<()> {
        self.tasks.until_shutdown().await
    }

    /// Stops it in order: what it has in hand is finished.
    pub async fn stop(self) {
        self.tasks.stop().await;
    }
}
