//! The settings.

use std::path::PathBuf;
use std::time::Duration;

use chassis::Service;
use chassis::config::{HttpConfig, TelemetryConfig};
use serde::Deserialize;

use crate::SERVICE;

/// Every setting; `config/default.toml` says what each means.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    pub http: HttpConfig,
    pub ui: UiConfig,
    pub manifest: ManifestConfig,
    pub peers: PeersConfig,
    pub telemetry: TelemetryConfig,
}

/// `[ui]`: what is served.
#[derive(Debug, Clone, Deserialize)]
pub struct UiConfig {
    pub dir: PathBuf,
    pub fragment: String,
    pub fragments: String,
    pub refresh_ms: u64,
    pub source: PathBuf,
}

/// `[manifest]`: what is told about the shop.
#[derive(Debug, Clone, Deserialize)]
pub struct ManifestConfig {
    pub file: PathBuf,
}

/// `[peers]`: whom it passes requests on to.
#[derive(Debug, Clone, Deserialize)]
pub struct PeersConfig {
    pub web_bff: String,
}

impl Config {
    /// What this process is: a fragment's server goes by the fragment's name.
    #[must_use]
    pub fn service(&self) -> Service {
        match self.ui.fragment.as_str() {
            "" => SERVICE,
            // Once in a process, for as long as it runs.
            name => Service { name: name.to_owned().leak(), ..SERVICE },
        }
    }

    pub(crate) fn refresh_every(&self) -> Duration {
        // A zero would ask without end.
        Duration::from_millis(self.ui.refresh_ms.max(100))
    }
}
