//! The settings of email; `config/default.toml` documents them.

use std::time::Duration;

use chassis::config::{BrokerConfig, DatabaseConfig, HttpConfig, PeersConfig, TelemetryConfig};
use chassis_messaging::Backoff;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::mailer::Mailer;

/// Everything email can be told.
#[derive(Debug, Deserialize)]
pub struct Config {
    /// Where it listens.
    pub http: HttpConfig,
    /// Its own store.
    pub database: DatabaseConfig,
    /// Where it hears.
    pub broker: BrokerConfig,
    /// Where identity is.
    pub peers: PeersConfig,
    /// Where mails go.
    pub smtp: SmtpConfig,
    /// What it tells about itself.
    pub telemetry: TelemetryConfig,
}

/// `[smtp]`.
#[derive(Debug, Clone, Deserialize)]
pub struct SmtpConfig {
    /// The mail server; holds a password, so it is never printed.
    pub url: SecretString,
    /// In whose name mails are sent.
    pub from: String,
    /// How long to wait for one answer of the server.
    pub timeout_ms: u64,
    /// The delay after the first outage.
    pub retry_first_ms: u64,
    /// The longest delay between two tries.
    pub retry_longest_ms: u64,
}

impl SmtpConfig {
    /// The way to the server.
    ///
    /// # Errors
    /// When the URL or the address cannot be read.
    pub fn mailer(&self) -> anyhow::Result<Mailer> {
        let timeout = Duration::from_millis(self.timeout_ms);
        Mailer::new(self.url.expose_secret(), &self.from, timeout)
    }

    /// How long to wait between tries.
    #[must_use]
    pub fn backoff(&self) -> Backoff {
        let [first, longest] = [self.retry_first_ms, self.retry_longest_ms];
        Backoff::new(Duration::from_millis(first), Duration::from_millis(longest))
    }
}
