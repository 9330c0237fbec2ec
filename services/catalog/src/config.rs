//! The settings of this service; `config/default.toml` documents each.

use chassis::config::{BrokerConfig, DatabaseConfig, HttpConfig, PeersConfig, TelemetryConfig};
use serde::Deserialize;

/// Everything that can be set.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// Where it listens.
    pub http: HttpConfig,
    /// Its own store.
    pub database: DatabaseConfig,
    /// Where facts travel.
    pub broker: BrokerConfig,
    /// Whom it asks for keys.
    pub peers: PeersConfig,
    /// What it opens with.
    pub seed: SeedConfig,
    /// What it tells about itself.
    pub telemetry: TelemetryConfig,
}

/// `[seed]`: what it opens with.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct SeedConfig {
    /// Whether the built-in range is planted at the start.
    pub enabled: bool,
}
