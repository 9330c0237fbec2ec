//! The settings; `config/default.toml` documents each.

use chassis::config::{CallsConfig, HttpConfig, PeersConfig, TelemetryConfig};
use serde::Deserialize;

/// All settings of the mobile BFF.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// Where it listens.
    pub http: HttpConfig,
    /// The services it composes.
    pub peers: PeersConfig,
    /// How far calls to them may go.
    pub calls: CallsConfig,
    /// What it tells about itself.
    pub telemetry: TelemetryConfig,
}
