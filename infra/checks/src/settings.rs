//! Which settings a service has, from its `config/default.toml`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use toml::Table;
use xtask::workspace;

/// The documented settings of one service.
#[derive(Debug)]
pub struct Settings {
    table: Table,
}

impl Settings {
    /// Those of the service of that name.
    ///
    /// # Errors
    /// When there is no such file, or it is not TOML.
    pub fn of(service: &str) -> Result<Self> {
        let path = workspace::root().join(folder(service)).join("config/default.toml");
        let text = fs::read_to_string(&path)
            .with_context(|| format!("could not read {}", path.display()))?;
        Ok(Self { table: text.parse()? })
    }

    /// Whether a variable as `SHOP_HTTP__BIND` names one of them.
    #[must_use]
    pub fn know(&self, variable: &str) -> bool {
        let Some(key) = variable.strip_prefix("SHOP_") else { return false };
        let key = key.to_lowercase();
        let Some((tables, last)) = key.rsplit_once("__") else { return false };
        let mut tables = tables.split("__");
        let within = tables.try_fold(&self.table, |table, step| table.get(step)?.as_table());
        // A table without keys takes any, as `service_secrets`.
        within.is_some_and(|table| table.is_empty() || table.contains_key(last))
    }

    /// The port it listens on unless told otherwise.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        let bind = self.table.get("http")?.get("bind")?.as_str()?;
        bind.rsplit_once(':')?.1.parse().ok()
    }

    /// How many connections one replica may open to its store.
    #[must_use]
    pub fn max_connections(&self) -> Option<i64> {
        self.table.get("database")?.get("max_connections")?.as_integer()
    }
}

fn folder(service: &str) -> PathBuf {
    match service {
        "web-bff" => "bff/web".into(),
        "mobile-bff" => "bff/mobile".into(),
        "sandbox-provider" => "services/payment/sandbox".into(),
        // One program serves the shell and each fragment.
        "storefront" | "catalog-ui" | "checkout-ui" | "orders-ui" | "account-ui" => {
            "storefront".into()
        }
        service => PathBuf::from("services").join(service),
    }
}
