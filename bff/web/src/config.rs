//! The settings; `config/default.toml` documents each.

use std::time::Duration;

use chassis::config::{CallsConfig, HttpConfig, PeersConfig, TelemetryConfig};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

/// All settings of the web BFF.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// Where it listens, and what the shop is called from outside.
    pub http: HttpConfig,
    /// The services it composes.
    pub peers: PeersConfig,
    /// How far it goes to have their answers.
    pub calls: CallsConfig,
    /// How sessions are kept.
    pub session: SessionConfig,
    /// What a query may cost.
    pub graphql: GraphqlConfig,
    /// Live updates.
    pub streams: StreamsConfig,
    /// What it tells about itself.
    pub telemetry: TelemetryConfig,
}

/// `[session]`: the cookie.
#[derive(Debug, Clone, Deserialize)]
pub struct SessionConfig {
    /// Seals the cookie; with commas between them, the first seals and all open.
    pub secret: SecretString,
    /// Whether it travels over TLS only.
    pub secure: bool,
}

/// `[graphql]`: the bounds of an operation.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct GraphqlConfig {
    /// Whether the schema may be asked for.
    pub introspection: bool,
    /// The longest document that is read.
    pub max_query_bytes: usize,
    /// Operations in one request.
    pub max_batch: usize,
    /// Fields inside fields.
    pub max_depth: usize,
    /// Fields, times the lengths of lists.
    pub max_complexity: usize,
    /// One field under several names.
    pub max_aliases: usize,
}

/// `[streams]`: those who listen to orders.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct StreamsConfig {
    /// Listeners at once.
    pub max_clients: usize,
    /// Between two signs of life.
    #[serde(rename = "heartbeat_ms", deserialize_with = "milliseconds")]
    pub heartbeat: Duration,
    /// How long order-history may keep silent on a stream.
    #[serde(rename = "silence_ms", deserialize_with = "milliseconds")]
    pub silence: Duration,
}

fn milliseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}
