//! The settings; `config/default.toml` documents each.

use std::collections::BTreeMap;
use std::time::Duration;

use chassis::config::{BrokerConfig, DatabaseConfig, HttpConfig, PeersConfig, TelemetryConfig};
use chassis_messaging::Backoff;
use payment_core::app::Policy;
use secrecy::SecretString;
use serde::Deserialize;
use shop_kernel::Currency;

/// The settings of the payment service.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// Where it listens.
    pub http: HttpConfig,
    /// Its store.
    pub database: DatabaseConfig,
    /// Where facts travel.
    pub broker: BrokerConfig,
    /// Identity and the provider.
    pub peers: PeersConfig,
    /// How the provider is called.
    pub provider: ProviderConfig,
    /// How charges are worked off.
    pub charges: ChargesConfig,
    /// How refunds are worked off.
    pub refunds: RefundsConfig,
    /// Store credit.
    pub credit: CreditConfig,
    /// What it tells about itself.
    pub telemetry: TelemetryConfig,
}

/// `[provider]`
#[derive(Debug, Clone, Deserialize)]
pub struct ProviderConfig {
    /// What the provider knows this shop by.
    pub key_secret: SecretString,
    /// How long an answer is waited for.
    pub timeout_ms: u64,
}

/// `[charges]`
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct ChargesConfig {
    /// How many at a time.
    pub concurrency: usize,
    /// The first delay after no answer.
    pub retry_first_ms: u64,
    /// The longest.
    pub retry_longest_ms: u64,
}

/// `[refunds]`
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct RefundsConfig {
    /// How many at a time.
    pub concurrency: usize,
    /// The first delay after no answer or a refusal.
    pub retry_first_ms: u64,
    /// The longest.
    pub retry_longest_ms: u64,
    /// Refusals before a refund is parked.
    pub attempts: u32,
}

/// `[credit]`
#[derive(Debug, Clone, Deserialize)]
pub struct CreditConfig {
    /// What a customer may owe by default, by the currency's code in lower case.
    pub default_limit_minor: BTreeMap<String, i64>,
}

impl Config {
    pub(crate) fn policy(&self) -> Policy {
        let limit = |currency: Currency| {
            let code = currency.code().to_lowercase();
            self.credit.default_limit_minor.get(&code).map(|minor| (currency, *minor))
        };
        Policy {
            refund_attempts: self.refunds.attempts,
            credit_limits: Currency::ALL.into_iter().filter_map(limit).collect(),
        }
    }
}

impl ChargesConfig {
    pub(crate) fn backoff(&self) -> Backoff {
        backoff(self.retry_first_ms, self.retry_longest_ms)
    }
}

impl RefundsConfig {
    pub(crate) fn backoff(&self) -> Backoff {
        backoff(self.retry_first_ms, self.retry_longest_ms)
    }
}

fn backoff(first_ms: u64, longest_ms: u64) -> Backoff {
    Backoff::new(Duration::from_millis(first_ms), Duration::from_millis(longest_ms))
}
