//! The settings; `config/default.toml` documents each.

use std::path::PathBuf;

use chassis::config::{HttpConfig, PeersConfig, TelemetryConfig};
use secrecy::SecretString;
use serde::Deserialize;

/// The settings of the sandbox provider.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// Where it listens.
    pub http: HttpConfig,
    /// Where it writes.
    pub ledger: LedgerConfig,
    /// How the shop proves itself.
    pub api: ApiConfig,
    /// How it behaves.
    pub behavior: BehaviorConfig,
    /// Whose tokens it believes.
    pub peers: PeersConfig,
    /// What it tells about itself.
    pub telemetry: TelemetryConfig,
}

/// `[ledger]`
#[derive(Debug, Clone, Deserialize)]
pub struct LedgerConfig {
    /// The folder of the ledger file.
    pub dir: PathBuf,
}

/// `[api]`
#[derive(Debug, Clone, Deserialize)]
pub struct ApiConfig {
    /// The shop's key.
    pub key_secret: SecretString,
}

/// `[behavior]`
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct BehaviorConfig {
    /// How long slow things take.
    pub slow_ms: u64,
}
