#![doc = include_str!("../README.md")]

mod config;
mod consume;
pub mod document;
pub mod fact;
mod figures;
mod history;
mod http;
mod own_store;
pub mod project;
pub mod rebuild;
pub mod receipt;
mod schema;
pub mod store;
mod updates;
pub mod view;

use std::net::SocketAddr;
use std::sync::Arc;

use chassis::auth::{ServiceTokens, Verifier};
use chassis::health::Health;
use chassis::ops::Operations;
use chassis::{Phase, Server, Service, ShutdownHandle, TaskSet, peer};
use chassis_messaging::{Broker, Consumer};
use secrecy::ExposeSecret as _;
use shop_contracts::routing;
use shop_kernel::Clock;

pub use config::{Config, RebuildConfig, UpdatesConfig};
pub use http::code;

use crate::consume::TakeFacts;
use crate::history::History;
use crate::own_store::OwnStore;
use crate::project::Projector;
use crate::rebuild::{Feeds, Rebuilder};
use crate::store::HistoryStore;
use crate::updates::Updates;

/// What this service says about itself.
pub const SERVICE: Service = Service {
    name: "order-history",
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("SHOP_COMMIT"),
    summary: "Orders as customers and operators see them, folded from everyone's facts.",
    defaults: include_str!("../config/default.toml"),
    routes: http::routes,
};

/// The running service.
#[derive(Debug)]
pub struct Application {
    address: SocketAddr,
    tasks: TaskSet,
}

impl Application {
    /// Builds and starts the whole service.
    ///
    /// # Errors
    /// When the store does not answer or the address is taken.
    pub async fn build(
        config: Config,
        broker: Arc<dyn Broker>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let url = config.database.url.expose_secret();
        let store = store::open(url, config.database.max_connections).await?;
        let history = History::new(Arc::clone(&store));
        let projector = Arc::new(Projector::new(Arc::clone(&store)));
        let updates = Updates::new(config.updates);

        let client = peer::Client::new()?;
        let identity = client.peer("identity", &config.peers.identity);
        let own = OwnStore(Arc::clone(&store));
        let verifier = Verifier::keeping(own.clone(), identity.clone(), Arc::clone(&clock)).await?;
        let verifier = Arc::new(verifier);
        let tokens = ServiceTokens::new(SERVICE.name, config.auth.service_secret.clone(), identity);
        let feeds = feeds(&client, &config, Arc::new(tokens));
        let rebuilder = Rebuilder::new(
            Arc::clone(&store),
            Arc::clone(&projector),
            feeds,
            Arc::clone(&clock),
            config.rebuild,
        );

        figures::begin();
        let operations = Operations::new(&SERVICE, None, Arc::clone(&broker), Arc::clone(&clock));
        let operations = Arc::new(operations);
        let connected = Arc::clone(&broker);
        let health = Health::of(own.clone())
            .with_keys(Arc::clone(&verifier))
            .reporting("broker", move || connected.is_connected());
        let server = Server::bind(&SERVICE, &config.http, Arc::new(health))?
            .data(Arc::clone(&verifier))
            .data(Arc::new(history.clone()))
            .data(Arc::clone(&updates))
            .data(Arc::clone(&rebuilder))
            .data(Arc::clone(&operations))
            .data(Arc::clone(&clock));
        let address = server.address();

        let facts = TakeFacts::new(projector, clock);
        let consumer =
            Consumer::new(routing::HISTORY_FACTS, broker, Arc::new(facts), Arc::new(own))
                // They wait for one write together.
                .in_batches(64);

        let mut tasks = TaskSet::new(SERVICE.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        // With the server, which does not end before its streams do.
        let changes = store.changes();
        tasks.spawn(Phase::Http, "updates", |stop| updates.run(changes, stop));
        tasks.spawn(Phase::Work, "keys", |stop| verifier.keep_fresh(stop));
        tasks.spawn(Phase::Work, "rebuild", |stop| rebuilder.run(stop));
        tasks.spawn(Phase::Work, "figures", |stop| figures::run(history, stop));
        tasks.spawn(Phase::Work, "queue figures", |stop| async move {
            operations.keep_figures(stop).await
        });
        tasks.spawn(Phase::Work, "facts", |stop| async move {
            consumer.run(stop).await;
            Ok(())
        });
        let closing = Arc::clone(&store);
        tasks.spawn(Phase::Relay, "changes", |stop| watch(store, stop));
        tasks.at_the_end(async move { closing.close().await });
        Ok(Self { address, tasks })
    }

    /// Brings the store up to date, and nothing else. There is no setting that keeps a start from
    /// doing so: it makes what lacks of a few indexes.
    ///
    /// # Errors
    /// When the store does not open.
    pub async fn migrate(config: Config) -> anyhow::Result<()> {
        let url = config.database.url.expose_secret();
        let store = store::open(url, config.database.max_connections).await?;
        store.close().await;
        tracing::info!("the store is up to date");
        Ok(())
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A handle that stops it from elsewhere.
    #[must_use]
    pub fn shutdown_handle(&self) -> ShutdownHandle {
        self.tasks.shutdown_handle()
    }

    /// Runs until told to stop.
    ///
    /// # Errors
    /// When a part of it ended by itself.
    pub async fn run(self) -> anyhow::Result<()> {
        self.tasks.until_shutdown().await
    }

    /// Stops it in order: what it has in hand is finished.
    pub async fn stop(self) {
        self.tasks.stop().await;
    }
}

fn feeds(client: &peer::Client, config: &Config, tokens: Arc<ServiceTokens>) -> Feeds {
    let peers = [
        ("order", &config.peers.order),
        ("payment", &config.peers.payment),
        ("catalog", &config.peers.catalog),
    ];
    // Orders first: they open the documents.
    let peers = peers.map(|(name, urls)| client.peer(name, urls).with_tokens(Arc::clone(&tokens)));
    Feeds::new(peers.to_vec())
}

async fn watch(
    store: Arc<dyn HistoryStore>,
    stop: tokio_util::sync::CancellationToken,
) -> anyhow::Result<()> {
    tokio::select! {
        () = stop.cancelled() => {}
        () = store.watch() => {}
    }
    Ok(())
}
