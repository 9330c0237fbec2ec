//! The whole shop in one process: every service on a port of its own, SQLite and the embedded
//! broker beneath, the same code and the same calls over HTTP as anywhere else.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use chassis::ShutdownHandle;
use chassis::config::load_from;
use chassis_messaging::{Broker, EmbeddedBroker, EmbeddedOptions};
use futures::future::{BoxFuture, FutureExt as _, join_all, select_all};
use mail_sink::Sink;
use serde::de::DeserializeOwned;
use shop_kernel::Clock;
use storefront::manifest::Manifest;
use uuid::Uuid;

use crate::home::Home;

/// Orders end within half a minute here, so that one can watch a time-out.
const SAGA_TIMEOUT_S: &str = "30";
/// Where the BFFs and the page in front of them are. Identity takes their word on whom they ask for;
/// it would count every visitor as one otherwise.
const NEIGHBOURS: &str = "127.0.0.1";
/// Services that call others, and prove to identity who they are.
const CALLERS: [&str; 2] = ["order", "order-history"];

/// Every service of a shop, running in this process.
pub struct Demo {
    manifest: Manifest,
    running: Vec<BoxFuture<'static, anyhow::Result<()>>>,
    handles: Vec<ShutdownHandle>,
    // Takes the mails until it is dropped.
    _sink: Sink,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demo").field("manifest", &self.manifest).finish_non_exhaustive()
    }
}

/// Starts a service and notes where it is: a macro because each has an `Application` of its own.
macro_rules! start {
    ($demo:ident, $name:literal, $application:expr) => {{
        let application = $application.await;
        let application = application.with_context(|| format!("cannot start {}", $name))?;
        $demo.note($name, application.address());
        $demo.handles.push(application.shutdown_handle());
        $demo.running.push(application.run().boxed());
    }};
}

impl Demo {
    /// Starts every service, those that others ask first; all serve when this returns.
    ///
    /// # Errors
    /// When one does not start; the error names it.
    pub async fn start(home: &Home, clock: Arc<dyn Clock>, log: &str) -> anyhow::Result<Self> {
        let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let sink = Sink::start(anywhere, Some(home.path("mails"))).await;
        let sink = sink.context("cannot start the mail sink")?;
        let smtp = format!("smtp://{}", sink.addr());
        let broker = open_broker(home).await?;
        let manifest = Manifest { mode: "demo".to_owned(), ..Manifest::default() };
        let mut demo = Self { manifest, running: Vec::new(), handles: Vec::new(), _sink: sink };
        let secrets = Secrets::new();

        let mut own = Settings::of(home, "identity", log);
        for caller in CALLERS {
            own.set(&format!("service_secrets.{}", caller.replace('-', "_")), secrets.of(caller));
        }
        own.set("seed.enabled", "true");
        own.set("limits.trusted_proxies", NEIGHBOURS);
        let config = own.read(identity::SERVICE.defaults)?;
        start!(demo, "identity", identity::Application::build(config, clock.clone()));
        let identity = demo.manifest.one("identity")?.to_owned();

        let mut own = Settings::bare(log);
        own.set("ledger.dir", &home.path("provider").display().to_string());
        own.set("api.key_secret", secrets.of("provider"));
        own.set("peers.identity", &identity);
        let config = own.read(sandbox_provider::SERVICE.defaults)?;
        start!(demo, "provider", sandbox_provider::Application::build(config, clock.clone()));

        let mut own = Settings::of(home, "catalog", log);
        own.set("seed.enabled", "true");
        own.set("peers.identity", &identity);
        let config = own.read(catalog::SERVICE.defaults)?;
        start!(demo, "catalog", catalog::Application::build(config, broker.clone(), clock.clone()));

        let mut own = Settings::of(home, "payment", log);
        own.set("peers.identity", &identity);
        own.set("peers.provider", demo.manifest.one("provider")?);
        own.set("provider.key_secret", secrets.of("provider"));
        let config = own.read(payment::SERVICE.defaults)?;
        let application = payment::Application::build(config, broker.clone(), clock.clone());
        start!(demo, "payment", application);

        let mut own = Settings::of(home, "order", log);
        own.set("peers.identity", &identity);
        own.set("peers.catalog", demo.manifest.one("catalog")?);
        own.set("auth.service_secret", secrets.of("order"));
        own.set("saga.timeout_s", SAGA_TIMEOUT_S);
        let config = own.read(order::SERVICE.defaults)?;
        start!(demo, "order", order::Application::build(config, broker.clone(), clock.clone()));

        let mut own = Settings::of(home, "email", log);
        own.set("peers.identity", &identity);
        own.set("smtp.url", &smtp);
        let config = own.read(email::SERVICE.defaults)?;
        start!(demo, "email", email::Application::build(config, broker.clone(), clock.clone()));

        let mut own = Settings::of(home, "order-history", log);
        for peer in ["identity", "catalog", "order", "payment"] {
            own.set(&format!("peers.{peer}"), demo.manifest.one(peer)?);
        }
        own.set("auth.service_secret", secrets.of("order-history"));
        let config = own.read(order_history::SERVICE.defaults)?;
        let application = order_history::Application::build(config, broker, clock.clone());
        start!(demo, "order-history", application);
        demo.open_to_clients(clock, log).await?;
        Ok(demo)
    }

    /// Starts what phones and the storefront ask, last: they ask all others.
    async fn open_to_clients(&mut self, clock: Arc<dyn Clock>, log: &str) -> anyhow::Result<()> {
        let demo = self;
        let own =
            demo.asking(&["identity", "catalog", "order", "payment", "order-history"], log)?;
        let config = own.read(mobile_bff::SERVICE.defaults)?;
        start!(demo, "mobile-bff", mobile_bff::Application::build(config, clock.clone()));

        let peers = ["identity", "catalog", "order", "payment", "email", "order-history"];
        let mut own = demo.asking(&peers, log)?;
        // A session ends with the demo: the next one opens no cookie of this one.
        own.set("session.secret", &Uuid::new_v4().simple().to_string());
        // The demo speaks plain HTTP on this machine.
        own.set("session.secure", "false");
        let config = own.read(web_bff::SERVICE.defaults)?;
        start!(demo, "web-bff", web_bff::Application::build(config, clock));
        Ok(())
    }

    /// Settings of a process without a store that asks these.
    fn asking(&self, peers: &[&str], log: &str) -> anyhow::Result<Settings> {
        let mut own = Settings::bare(log);
        for peer in peers {
            let key = format!("peers.{}", peer.replace('-', "_"));
            own.set(&key, self.manifest.one(peer)?);
        }
        Ok(own)
    }

    fn note(&mut self, service: &str, address: SocketAddr) {
        let url = format!("http://{address}");
        self.manifest.services.entry(service.to_owned()).or_default().push(url);
    }

    /// Where everything is.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Runs until one service ends or the process is told to stop; then all end, in order.
    ///
    /// # Errors
    /// When a service ended by itself.
    pub async fn run(self) -> anyhow::Result<()> {
        let (first, _, rest) = select_all(self.running).await;
        for handle in &self.handles {
            handle.shut_down();
        }
        let others = join_all(rest).await;
        first?;
        others.into_iter().collect()
    }
}

/// What services prove themselves with: made anew at each start, since all of them start together.
struct Secrets(BTreeMap<&'static str, String>);

impl Secrets {
    fn new() -> Self {
        let holders = CALLERS.into_iter().chain(["provider"]);
        Self(holders.map(|holder| (holder, Uuid::new_v4().simple().to_string())).collect())
    }

    fn of(&self, holder: &str) -> &str {
        self.0.get(holder).map_or("", String::as_str)
    }
}

/// One service's settings: its defaults, and what this demo has otherwise.
struct Settings(Vec<(String, String)>);

impl Settings {
    fn bare(log: &str) -> Self {
        let mut settings = Self(Vec::new());
        settings.set("http.bind", "127.0.0.1:0");
        settings.set("telemetry.log", log);
        settings.set("telemetry.format", "text");
        settings
    }

    fn of(home: &Home, service: &str, log: &str) -> Self {
        let mut settings = Self::bare(log);
        settings.set("database.url", &home.sqlite(service));
        settings
    }

    fn set(&mut self, key: &str, value: &str) {
        self.0.push((key.to_owned(), value.to_owned()));
    }

    fn read<T: DeserializeOwned>(&self, defaults: &str) -> anyhow::Result<T> {
        let overrides: Vec<_> = self.0.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        Ok(load_from(defaults, &overrides)?)
    }
}

/// One for all services, as a RabbitMQ would be.
async fn open_broker(home: &Home) -> anyhow::Result<Arc<dyn Broker>> {
    let file = home.path("broker.db");
    let broker = EmbeddedBroker::open(&file, EmbeddedOptions::default()).await;
    Ok(broker.context("cannot open the broker's file")?)
}
