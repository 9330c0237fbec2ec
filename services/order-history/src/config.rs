//! The settings; `config/default.toml` documents each.

use std::time::Duration;

use chassis::config::{
    AuthConfig, BrokerConfig, DatabaseConfig, HttpConfig, PeersConfig, TelemetryConfig,
};
use serde::Deserialize;
use serde_with::{DurationMilliSeconds, serde_as};

/// All settings of the service.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// Where it listens.
    pub http: HttpConfig,
    /// Its own store: `sqlite:` or `mongodb:`.
    pub database: DatabaseConfig,
    /// Where facts come from.
    pub broker: BrokerConfig,
    /// Whose feeds a rebuild reads, and who signs tokens.
    pub peers: PeersConfig,
    /// How it proves itself to them.
    pub auth: AuthConfig,
    /// What it tells about itself.
    pub telemetry: TelemetryConfig,
    /// Live updates.
    pub updates: UpdatesConfig,
    /// Rebuilds.
    pub rebuild: RebuildConfig,
}

/// `[updates]`: bounds of those who listen.
#[serde_as]
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct UpdatesConfig {
    /// Listeners at once.
    pub max_clients: usize,
    /// Listeners of one customer at once.
    pub max_per_customer: usize,
    /// Between two signs of life.
    #[serde(rename = "heartbeat_ms")]
    #[serde_as(as = "DurationMilliSeconds<u64>")]
    pub heartbeat: Duration,
    /// How long one may listen before he must ask again.
    #[serde(rename = "max_age_ms")]
    #[serde_as(as = "DurationMilliSeconds<u64>")]
    pub max_age: Duration,
}

/// `[rebuild]`: its patience.
#[serde_as]
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct RebuildConfig {
    /// A rebuild that says nothing for this long is dead.
    #[serde(rename = "lease_ms")]
    #[serde_as(as = "DurationMilliSeconds<u64>")]
    pub lease: Duration,
    /// How long after their end the feeds are read once more.
    #[serde(rename = "settle_ms")]
    #[serde_as(as = "DurationMilliSeconds<u64>")]
    pub settle: Duration,
    /// How long the old generation is kept after the switch.
    #[serde(rename = "keep_old_ms")]
    #[serde_as(as = "DurationMilliSeconds<u64>")]
    pub keep_old: Duration,
    /// How long a feed or the store may be away.
    #[serde(rename = "patience_ms")]
    #[serde_as(as = "DurationMilliSeconds<u64>")]
    pub patience: Duration,
}
