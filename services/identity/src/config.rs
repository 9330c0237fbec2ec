//! The settings of identity; `config/default.toml` documents them.

use std::collections::HashMap;

use chassis::config::{DatabaseConfig, HttpConfig, TelemetryConfig};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// A shorter secret can be guessed.
const SHORTEST_SECRET: usize = 16;

/// Everything identity can be told.
#[derive(Debug, Deserialize)]
pub struct Config {
    /// Where it listens.
    pub http: HttpConfig,
    /// Its own store.
    pub database: DatabaseConfig,
    /// What it tells about itself.
    pub telemetry: TelemetryConfig,
    /// How much hashing it does at once.
    pub hashing: HashingConfig,
    /// How often strangers may ask.
    pub limits: LimitsConfig,
    /// Whether services must be able to prove themselves.
    pub services: ServicesConfig,
    /// What each proves itself with, by name.
    #[serde(default)]
    pub service_secrets: HashMap<String, SecretString>,
    /// The first operator.
    pub operator: OperatorConfig,
    /// The demo accounts.
    pub seed: SeedConfig,
}

/// `[hashing]`.
#[derive(Debug, Clone, Deserialize)]
pub struct HashingConfig {
    /// How many hashes are made at once.
    pub concurrent: usize,
    /// How long a request waits for its turn.
    pub wait_ms: u64,
}

/// `[limits]`.
#[derive(Debug, Clone, Deserialize)]
pub struct LimitsConfig {
    /// Accounts opened from one address.
    pub registrations_per_hour: u32,
    /// Guest tokens given to one address.
    pub guests_per_minute: u32,
    /// Whose word on the client's address counts.
    pub trusted_proxies: String,
}

/// `[services]`.
#[derive(Debug, Clone, Deserialize)]
pub struct ServicesConfig {
    /// Whether a start without secrets is refused.
    pub authenticated: bool,
}

/// `[operator]`.
#[derive(Debug, Clone, Deserialize)]
pub struct OperatorConfig {
    /// The address to sign in with.
    pub email: String,
    /// The password to sign in with.
    pub password: SecretString,
}

/// `[seed]`.
#[derive(Debug, Clone, Deserialize)]
pub struct SeedConfig {
    /// Whether the demo accounts are made.
    pub enabled: bool,
}

/// Settings that would make an unsafe shop.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeConfig {
    /// Nobody could get a service token.
    #[error(
        "service_secrets is empty: give each service a secret (SHOP_SERVICE_SECRETS__ORDER=…), \
         or set services.authenticated = false to run without service tokens"
    )]
    NoServiceSecrets,
    /// Anybody could.
    #[error("service_secrets.{0} is shorter than {SHORTEST_SECRET} characters")]
    ShortSecret(String),
    /// Half an operator.
    #[error("operator.email and operator.password must be given together")]
    HalfAnOperator,
}

impl Config {
    /// The secrets by service name; a shell's variable cannot hold the hyphen of `order-history`.
    ///
    /// # Errors
    /// When there are none though there must be, or one can be guessed.
    pub fn service_secrets(&self) -> Result<HashMap<String, SecretString>, UnsafeConfig> {
        let secrets: HashMap<String, SecretString> = self
            .service_secrets
            .iter()
            .map(|(name, secret)| (name.replace('_', "-"), secret.clone()))
            .collect();
        if secrets.is_empty() && self.services.authenticated {
            return Err(UnsafeConfig::NoServiceSecrets);
        }
        let short = secrets.iter().find(|(_, s)| s.expose_secret().len() < SHORTEST_SECRET);
        match short {
            Some((name, _)) => Err(UnsafeConfig::ShortSecret(name.clone())),
            None => Ok(secrets),
        }
    }

    /// The operator to make, if one is named.
    ///
    /// # Errors
    /// When only one half is given.
    pub fn operator(&self) -> Result<Option<(&str, &SecretString)>, UnsafeConfig> {
        let OperatorConfig { email, password } = &self.operator;
        match (email.is_empty(), password.expose_secret().is_empty()) {
            (true, true) => Ok(None),
            (false, false) => Ok(Some((email, password))),
            (true, false) | (false, true) => Err(UnsafeConfig::HalfAnOperator),
        }
    }
}
