//! The sections every service has; each names its own beside them.

use std::time::Duration;

use resilience::{Backoff, BreakerPolicy, BudgetPolicy, Policy};
use sea_orm::DatabaseConnection;
use sea_orm_migration::MigrationTrait;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::Urls;

/// `[http]`: where it listens.
#[derive(Debug, Clone, Deserialize)]
pub struct HttpConfig {
    /// Address and port; port 0 takes a free one.
    pub bind: String,
    /// Threads that handle requests.
    #[serde(default = "one")]
    pub workers: usize,
    /// What clients call it by, where that is not the bound address.
    #[serde(default)]
    pub public_url: Option<String>,
}

/// `[database]`: its own store.
#[derive(Debug, Clone, Deserialize)]
pub struct DatabaseConfig {
    /// `sqlite:` or `postgres:`; holds a password, so it is never printed.
    pub url: SecretString,
    /// The pool's bound; replicas times this must stay below the server's limit.
    pub max_connections: u32,
    /// Whether a start brings the schema up to date; else a job has to do it with `--migrate`.
    #[serde(default = "yes")]
    pub migrate: bool,
}

impl DatabaseConfig {
    /// Opens the store, with its schema up to date.
    ///
    /// # Errors
    /// When it does not answer, a migration fails, or one lacks that is not to be made here.
    pub async fn open(
        &self,
        migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
    ) -> Result<DatabaseConnection, chassis_db::OpenError> {
        if self.migrate {
            return self.open_and_migrate(migrations).await;
        }
        let url = self.url.expose_secret();
        chassis_db::open_migrated(url, self.max_connections, migrations).await
    }

    /// Opens the store and brings its schema up to date, whatever [`Self::migrate`] says.
    ///
    /// # Errors
    /// When it does not answer or a migration fails.
    pub async fn open_and_migrate(
        &self,
        migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
    ) -> Result<DatabaseConnection, chassis_db::OpenError> {
        chassis_db::open(self.url.expose_secret(), self.max_connections, migrations).await
    }
}

/// `[broker]`: where facts travel.
#[derive(Debug, Clone, Deserialize)]
pub struct BrokerConfig {
    /// `amqp:` or `embedded:PATH`; holds a password, so it is never printed.
    pub url: SecretString,
    /// Goes before the name of every exchange and queue, to share a broker; empty in production.
    #[serde(default)]
    pub prefix: String,
}

/// `[peers]`: base URLs of the services it calls; those it does not call stay empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PeersConfig {
    /// Signs tokens and publishes their keys.
    pub identity: Urls,
    /// Products and stock.
    pub catalog: Urls,
    /// Carts and orders.
    pub order: Urls,
    /// Charges and refunds.
    pub payment: Urls,
    /// Mails sent.
    pub email: Urls,
    /// The read model.
    pub order_history: Urls,
    /// The payment provider.
    pub provider: Urls,
}

/// `[calls]`: how far calls to its peers may go; the same for each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct CallsConfig {
    /// One attempt may take so long.
    pub timeout_ms: u64,
    /// Calls to one peer under way at once.
    pub concurrency: usize,
    /// An idempotent call is made again so often.
    pub retries: u32,
    /// Waited at most before the first retry; doubles with each.
    pub backoff_first_ms: u64,
    /// Waited at most before any.
    pub backoff_most_ms: u64,
    /// Of a hundred calls, so many may be made again.
    pub budget_percent: u32,
    /// So many retries are saved up at most.
    pub budget_reserve: u32,
    /// How far back the circuit breaker looks.
    pub breaker_window_ms: u64,
    /// With fewer calls than this it does not open.
    pub breaker_minimum_calls: u32,
    /// It opens when so many of a hundred failed.
    pub breaker_failure_percent: u32,
    /// It stays open so long before it lets probes through.
    pub breaker_open_ms: u64,
    /// So many of them must succeed.
    pub breaker_probes: u32,
}

impl CallsConfig {
    /// What [`crate::peer::Peer::guarded`] takes.
    #[must_use]
    pub fn policy(&self) -> Policy {
        let ms = Duration::from_millis;
        Policy {
            timeout: ms(self.timeout_ms),
            retries: self.retries,
            backoff: Backoff { first: ms(self.backoff_first_ms), most: ms(self.backoff_most_ms) },
            budget: BudgetPolicy { percent: self.budget_percent, reserve: self.budget_reserve },
            breaker: BreakerPolicy {
                window: ms(self.breaker_window_ms),
                minimum_calls: self.breaker_minimum_calls,
                failure_percent: self.breaker_failure_percent,
                open_for: ms(self.breaker_open_ms),
                probes: self.breaker_probes,
            },
            concurrency: self.concurrency,
        }
    }
}

/// `[auth]`: how it proves itself to its peers.
#[derive(Debug, Clone, Deserialize)]
pub struct AuthConfig {
    /// What identity gives it a service token for.
    pub service_secret: SecretString,
}

/// `[telemetry]`: what it tells about itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct TelemetryConfig {
    /// A level, or directives as `info,sqlx=warn`; `off` logs nothing.
    pub log: String,
    /// How a log line looks.
    pub format: LogFormat,
    /// The base of a collector that takes traces as OTLP over HTTP; none where it is empty.
    pub otlp_url: String,
    /// Of a hundred traces that begin here so many are kept, as a fraction of one.
    pub sample_ratio: f64,
    /// Where errors are reported, as Sentry and its like name it; nowhere where it is empty.
    pub sentry_dsn: SecretString,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            log: "info".to_owned(),
            format: LogFormat::Json,
            otlp_url: String::new(),
            sample_ratio: 1.0,
            sentry_dsn: SecretString::default(),
        }
    }
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// One JSON object per line, for machines.
    #[default]
    Json,
    /// For people.
    Text,
}

fn one() -> usize {
    1
}

fn yes() -> bool {
    true
}
