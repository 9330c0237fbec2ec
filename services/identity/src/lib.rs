#![doc = include_str!("../README.md")]

pub mod accounts;
mod config;
mod figures;
pub mod hasher;
mod http;
pub mod keys;
pub mod limiter;
mod migration;
pub mod password;
pub mod refresh_token;
pub mod seed;
pub mod sessions;
mod store;
pub mod tokens;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::auth::Verifier;
use chassis::health::Health;
use chassis::{Phase, Server, Service, ShutdownHandle, TaskSet};
use chrono::TimeDelta;
use shop_kernel::Clock;
use tokio_util::sync::CancellationToken;

pub use config::{Config, UnsafeConfig};
pub use http::CODES;

use accounts::Accounts;
use hasher::Hasher;
use http::client_address::TrustedProxies;
use keys::Keys;
use limiter::{Limit, Limiter};
use sessions::Sessions;
use tokens::Tokens;

/// What identity says about itself.
pub const SERVICE: Service = Service {
    name: "identity",
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("SHOP_COMMIT"),
    summary: "Customers, sign-in, and the tokens everyone else verifies.",
    defaults: include_str!("../config/default.toml"),
    routes: http::routes,
};

/// Expired sessions and counts are dropped this often; nothing waits for it.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// What the handlers work with.
#[derive(Debug)]
struct Identity {
    accounts: Accounts,
    sessions: Sessions,
    tokens: Tokens,
    keys: Keys,
    limiter: Limiter,
    proxies: TrustedProxies,
    registrations: Limit,
    guests: Limit,
}

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
    /// When a setting is unsafe, the store does not open, or the address is taken.
    pub async fn build(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let service_secrets = config.service_secrets()?;
        config.operator()?;
        let proxies = config.limits.trusted_proxies.parse().context("limits.trusted_proxies")?;

        let db = config.database.open(migration::all).await?;
        let patience = Duration::from_millis(config.hashing.wait_ms);
        let hasher = Arc::new(Hasher::new(config.hashing.concurrent, patience)?);
        let limiter = Limiter::new(db.clone(), clock.clone());
        let accounts = Accounts::new(db.clone(), hasher.clone(), clock.clone());
        let keys = Keys::open(db.clone(), clock.clone()).await?;
        let identity = Arc::new(Identity {
            sessions: Sessions::new(
                db.clone(),
                accounts.clone(),
                hasher,
                limiter.clone(),
                clock.clone(),
            ),
            tokens: Tokens::new(keys.clone(), clock.clone(), service_secrets),
            registrations: per(TimeDelta::hours(1), config.limits.registrations_per_hour),
            guests: per(TimeDelta::minutes(1), config.limits.guests_per_minute),
            accounts,
            keys: keys.clone(),
            limiter,
            proxies,
        });
        plant(&config, &identity.accounts).await?;

        let verifier = Arc::new(Verifier::keeping(keys.clone(), keys, clock).await?);
        let health = Health::of(db.clone()).with_keys(Arc::clone(&verifier));
        let server = Server::bind(&SERVICE, &config.http, Arc::new(health))?
            .data(Arc::clone(&verifier))
            .data(Arc::clone(&identity));
        let address = server.address();

        let mut tasks = TaskSet::new(SERVICE.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        tasks.spawn(Phase::Work, "keys", |stop| verifier.keep_fresh(stop));
        tasks.spawn(Phase::Work, "sweeper", |stop| sweep(identity, stop));
        tasks.at_the_end(async move { drop(db.close().await) });
        Ok(Self { address, tasks })
    }

    /// Brings the store up to date, adds the accounts of the settings, and nothing else.
    ///
    /// # Errors
    /// When a setting is unsafe, the store does not open or refuses.
    pub async fn migrate(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
        let db = config.database.open_and_migrate(migration::all).await?;
        let patience = Duration::from_millis(config.hashing.wait_ms);
        let hasher = Arc::new(Hasher::new(config.hashing.concurrent, patience)?);
        plant(&config, &Accounts::new(db.clone(), hasher, clock)).await?;
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

async fn plant(config: &Config, accounts: &Accounts) -> anyhow::Result<()> {
    if let Some((email, password)) = config.operator()? {
        seed::operator(accounts, email, password).await?;
    }
    if config.seed.enabled {
        seed::demo(accounts).await?;
    }
    Ok(())
}

fn per(window: TimeDelta, max: u32) -> Limit {
    Limit { max, window }
}

async fn sweep(identity: Arc<Identity>, stop: CancellationToken) -> anyhow::Result<()> {
    loop {
        let swept = identity.sessions.sweep().await.and(identity.limiter.sweep().await);
        if let Err(error) = swept {
            tracing::warn!(%error, "could not drop what has expired");
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
    }
}
