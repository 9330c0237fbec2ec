//! Where each service of a running shop is: `/.well-known/shop.json`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use shop_kernel::Locale;

/// Where the manifest is served.
pub const PATH: &str = "/.well-known/shop.json";

/// The services of a running shop and their base URLs, a replica each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// How it runs: `demo`, `up` or `compose`.
    #[serde(default)]
    pub mode: String,
    /// Base URLs by service name, without a slash at the end; none where services are nobody's business.
    #[serde(default)]
    pub services: BTreeMap<String, Vec<String>>,
    /// Who one may be in a demonstration; none anywhere else.
    #[serde(default)]
    pub accounts: Vec<Account>,
}

/// An account whose password is public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What it is called.
    pub name: String,
    /// What it signs in with.
    pub email: String,
    /// What it signs in with.
    pub password: String,
    /// What its mails and pages are in.
    pub locale: Locale,
    /// Whether it may do what only operators may.
    pub operator: bool,
}

impl Manifest {
    /// Reads it from a file; tells nothing where no file is named.
    ///
    /// # Errors
    /// When the file cannot be read or is no manifest.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        if path.as_os_str().is_empty() {
            return Ok(Self::default());
        }
        let text =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is no manifest", path.display()))
    }
    /// Asks a running shop for it.
    ///
    /// # Errors
    /// When nothing answers at `url`, or what answers is no shop.
    pub async fn fetch(http: &reqwest::Client, url: &str) -> anyhow::Result<Self> {
        let at = format!("{}{PATH}", url.trim_end_matches('/'));
        let answer = http.get(&at).send().await.with_context(|| {
            format!(
                "no shop answers at {url}; start one with `cargo shop demo`, or name it with --url"
            )
        })?;
        let answer = answer.error_for_status().with_context(|| format!("{at} is no shop"))?;
        answer.json().await.with_context(|| format!("{at} is no shop"))
    }

    /// Every replica of one service.
    ///
    /// # Errors
    /// When the shop has no such service.
    pub fn replicas(&self, service: &str) -> anyhow::Result<&[String]> {
        match self.services.get(service) {
            Some(urls) if !urls.is_empty() => Ok(urls),
            _ => bail!("the shop runs no {service}"),
        }
    }

    /// One replica of a service.
    ///
    /// # Errors
    /// When the shop has no such service.
    pub fn one(&self, service: &str) -> anyhow::Result<&str> {
        let first = self.replicas(service)?.first();
        first.map(String::as_str).with_context(|| format!("the shop runs no {service}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_without_an_address_is_not_there() {
        let manifest: Manifest = serde_json::from_str(
            r#"{"mode": "up", "services": {"order": ["http://a"], "email": []}}"#,
        )
        .unwrap();

        assert_eq!(manifest.one("order").unwrap(), "http://a");
        assert!(manifest.one("email").is_err());
        assert!(manifest.one("nobody").is_err());
    }
}
