//! The processes of a shop and the settings each is started with, in one table.
//!
//! Each variable overrides a key of that service's `config/default.toml`: `SHOP_HTTP__BIND` is
//! `http.bind`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::run_folder::RunFolder;
use crate::url;

/// One kind of process; there may be several of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its package, its binary, and its name in the manifest.
    pub name: &'static str,
    /// Whose store it uses.
    pub store: Store,
}

/// Where a service keeps what it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// A database and a role of its own on PostgreSQL.
    Postgres,
    /// A database of its own on MongoDB.
    MongoDb,
    /// Files in a folder of its own, which takes one process at a time.
    Files,
    /// It keeps nothing.
    Nothing,
}

/// What runs beside the front page, in the order of its start.
pub const KINDS: [Kind; 10] = [
    Kind { name: "mail-sink", store: Store::Files },
    Kind { name: "identity", store: Store::Postgres },
    Kind { name: "sandbox-provider", store: Store::Files },
    Kind { name: "catalog", store: Store::Postgres },
    Kind { name: "order", store: Store::Postgres },
    Kind { name: "payment", store: Store::Postgres },
    Kind { name: "email", store: Store::Postgres },
    Kind { name: "order-history", store: Store::MongoDb },
    Kind { name: "mobile-bff", store: Store::Nothing },
    Kind { name: "web-bff", store: Store::Nothing },
];

/// Those that ask identity for a token to call others with.
const CALLERS: [&str; 6] = ["catalog", "order", "payment", "email", "order-history", "identity"];

impl Kind {
    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.name == name)
    }

    /// The name of its database and of its role, where it has them.
    pub fn database(self) -> String {
        match self.store {
            Store::Postgres => format!("shop_{}", self.name.replace('-', "_")),
            Store::MongoDb | Store::Files | Store::Nothing => self.name.replace('-', "_"),
        }
    }

    /// What it is called in the manifest, for those who speak of the shop and not of its binaries.
    pub fn manifest_name(self) -> &'static str {
        if self.name == "sandbox-provider" { "provider" } else { self.name }
    }
}

/// What the settings of all processes are made of.
#[derive(Debug)]
pub struct ShopEnv<'a> {
    /// Base URLs of every kind of process, by its name.
    pub addresses: &'a BTreeMap<&'static str, Vec<String>>,
    /// `host:port` to send mails to.
    pub smtp: &'a str,
    /// Remembers passwords and secrets over restarts.
    pub secrets: &'a RunFolder,
    /// A PostgreSQL superuser's URL; services get their own account on that server.
    pub postgres_url: String,
    /// The broker.
    pub amqp_url: String,
    /// The replica set.
    pub mongodb_url: String,
    /// Folder for what is kept in files.
    pub files: &'a Path,
}

impl ShopEnv<'_> {
    /// The password of the role of a service.
    pub fn database_password(&self, kind: Kind) -> Result<String> {
        self.secrets.password(&format!("{}.database", kind.name))
    }

    /// Everything a process of this kind needs to know to listen at `bind`.
    pub fn settings(&self, kind: Kind, bind: &str) -> Result<BTreeMap<String, String>> {
        let mut settings = Settings::default();
        settings.set("SHOP_HTTP__BIND", bind);
        settings.set("SHOP_TELEMETRY__LOG", "info");
        // glibc gives every few threads an arena of their own, and each keeps what it once needed.
        settings.set("MALLOC_ARENA_MAX", "2");
        match kind.store {
            Store::Postgres => {
                settings.set("SHOP_DATABASE__URL", self.postgres_url_of(kind)?);
                settings.set("SHOP_BROKER__URL", &self.amqp_url);
            }
            Store::MongoDb => {
                let url = url::with_name(&self.mongodb_url, &kind.database())?;
                settings.set("SHOP_DATABASE__URL", url);
                settings.set("SHOP_BROKER__URL", &self.amqp_url);
            }
            Store::Files | Store::Nothing => {}
        }
        for name in CALLERS.into_iter().chain(["sandbox-provider"]) {
            let peer = Kind::named(name).map_or(name, Kind::manifest_name);
            let key = format!("SHOP_PEERS__{}", variable(peer));
            settings
                .set(key, self.addresses.get(name).map(|urls| urls.join(",")).unwrap_or_default());
        }
        if CALLERS.contains(&kind.name) {
            settings.set("SHOP_AUTH__SERVICE_SECRET", self.service_secret(kind.name)?);
        }
        self.add_own(kind, &mut settings)?;
        Ok(settings.0)
    }

    /// What only this kind has.
    fn add_own(&self, kind: Kind, settings: &mut Settings) -> Result<()> {
        match kind.name {
            "identity" => {
                for caller in CALLERS {
                    let key = format!("SHOP_SERVICE_SECRETS__{}", variable(caller));
                    settings.set(key, self.service_secret(caller)?);
                }
                settings.set("SHOP_SEED__ENABLED", "true");
                // The BFFs and the front, who say whom they ask for: else all visitors are one.
                settings.set("SHOP_LIMITS__TRUSTED_PROXIES", "127.0.0.1");
            }
            "catalog" => settings.set("SHOP_SEED__ENABLED", "true"),
            "payment" => settings.set("SHOP_PROVIDER__KEY_SECRET", self.provider_key()?),
            "sandbox-provider" => {
                settings.set("SHOP_API__KEY_SECRET", self.provider_key()?);
                settings.set("SHOP_LEDGER__DIR", self.files.join("provider").display().to_string());
            }
            // The design's 15 minutes are too long to watch a time-out happen.
            "order" => settings.set("SHOP_SAGA__TIMEOUT_S", "30"),
            "email" => settings.set("SHOP_SMTP__URL", format!("smtp://{}", self.smtp)),
            "web-bff" => {
                // One for all replicas, and over restarts: sessions are in cookies it opens.
                settings.set("SHOP_SESSION__SECRET", self.secrets.password("web-bff.session")?);
                // The shop is on this machine only, and speaks plain HTTP.
                settings.set("SHOP_SESSION__SECURE", "false");
            }
            _ => {}
        }
        Ok(())
    }

    fn postgres_url_of(&self, kind: Kind) -> Result<String> {
        let server = url::Url::parse(&self.postgres_url)?;
        let (role, password) = (kind.database(), self.database_password(kind)?);
        let port = server.port.unwrap_or(5432);
        Ok(format!("postgres://{role}:{password}@{}:{port}/{role}", server.host))
    }

    fn service_secret(&self, name: &str) -> Result<String> {
        self.secrets.password(&format!("{name}.service"))
    }

    fn provider_key(&self) -> Result<String> {
        self.secrets.password("provider.key")
    }
}

#[derive(Debug, Default)]
struct Settings(BTreeMap<String, String>);

impl Settings {
    fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.insert(key.into(), value.into());
    }
}

/// `order-history` as part of a variable's name.
fn variable(name: &str) -> String {
    name.replace('-', "_").to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Kind, ShopEnv};
    use crate::run_folder::RunFolder;
    use std::collections::BTreeMap;

    #[test]
    fn a_service_knows_its_own_store_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let folder = RunFolder::open(dir.path()).unwrap();
        let addresses = BTreeMap::from([("order", vec!["http://a:1".into(), "http://b:2".into()])]);
        let shop = shop(&addresses, &folder);

        for kind in KINDS {
            let settings = shop.settings(kind, "127.0.0.1:1").unwrap();
            let text = format!("{settings:?}");
            assert!(!text.contains("superuser"), "{} gets the superuser: {text}", kind.name);
            for other in KINDS.into_iter().filter(|other| *other != kind) {
                let password = shop.database_password(other).unwrap();
                assert!(!text.contains(&password), "{} knows {}", kind.name, other.name);
            }
        }
    }

    #[test]
    fn callers_get_all_addresses_and_the_secret_identity_knows() {
        let dir = tempfile::tempdir().unwrap();
        let folder = RunFolder::open(dir.path()).unwrap();
        let addresses = BTreeMap::from([("order", vec!["http://a:1".into(), "http://b:2".into()])]);
        let shop = shop(&addresses, &folder);

        let history = shop.settings(Kind::named("order-history").unwrap(), "127.0.0.1:1").unwrap();
        let identity = shop.settings(Kind::named("identity").unwrap(), "127.0.0.1:2").unwrap();

        assert_eq!(history["SHOP_PEERS__ORDER"], "http://a:1,http://b:2");
        assert_eq!(history["SHOP_DATABASE__URL"], "mongodb://m:3/order_history?replicaSet=rs0");
        assert_eq!(
            history["SHOP_AUTH__SERVICE_SECRET"],
            identity["SHOP_SERVICE_SECRETS__ORDER_HISTORY"],
        );
        assert_eq!(identity["SHOP_LIMITS__TRUSTED_PROXIES"], "127.0.0.1");
        assert!(identity["SHOP_DATABASE__URL"].starts_with("postgres://shop_identity:"));
    }

    fn shop<'a>(
        addresses: &'a BTreeMap<&'static str, Vec<String>>,
        folder: &'a RunFolder,
    ) -> ShopEnv<'a> {
        ShopEnv {
            addresses,
            smtp: "127.0.0.1:25",
            secrets: folder,
            postgres_url: "postgres://superuser:superuser@p:5432/postgres".into(),
            amqp_url: "amqp://shop:x@r:1/%2f".into(),
            mongodb_url: "mongodb://m:3/?replicaSet=rs0".into(),
            files: folder.path(),
        }
    }
}
