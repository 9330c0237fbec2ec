#![doc = include_str!("../README.md")]

mod config;
mod failure;
mod http;
mod loader;
mod schema;
mod session;
mod upstream;

use std::net::SocketAddr;
use std::sync::Arc;

use chassis::health::{Health, NoStore};
use chassis::peer::Client;
use chassis::{Phase, Server, Service, ShutdownHandle, TaskSet};
use shop_kernel::Clock;
use tokio_util::sync::CancellationToken;

pub use config::{Config, GraphqlConfig, SessionConfig, StreamsConfig};
pub use schema::sdl;

use crate::http::Gateway;
use crate::schema::Listening;
use crate::session::{Jar, Refresher, Sessions};
use crate::upstream::Upstream;

/// What this says about itself.
pub const SERVICE: Service = Service {
    name: "web-bff",
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("SHOP_COMMIT"),
    summary: "What the shop's pages ask: GraphQL over every service, with a session in a cookie.",
    defaults: include_str!("../config/default.toml"),
    routes: http::routes,
};

/// The web BFF, serving.
#[derive(Debug)]
pub struct Application {
    address: SocketAddr,
    tasks: TaskSet,
}

impl Application {
    /// Begins to serve; dropping the result is a kill. It keeps nothing: every replica serves
    /// every session.
    ///
    /// # Errors
    /// When the session's secret could be guessed or the address is taken.
    pub async fn build(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        http::begin_figures();
        let client = Client::new()?;
        let upstream = Arc::new(Upstream::new(&client, &config.peers, &config.calls));
        let jar = Jar::new(&config.session.secret)?;
        let refresher = Refresher::new(Arc::clone(&upstream), Arc::clone(&clock));
        let sessions = Sessions::new(jar, refresher, clock, config.session.secure);
        let stopping = CancellationToken::new();
        let listening = Listening::new(config.streams, stopping.clone());
        let origin = config.http.public_url.clone().filter(|url| !url.is_empty());
        // Reported, and never in the way: a page with a hole is better than none.
        let health = Health::of(NoStore).watching(upstream.peers());
        let gateway = Gateway {
            schema: schema::build(Arc::clone(&upstream), Arc::new(listening), config.graphql),
            sessions,
            upstream,
            limits: config.graphql,
            origin: origin.map(|url| url.trim_end_matches('/').to_owned()),
            heartbeat: config.streams.heartbeat,
        };

        let server = Server::bind(&SERVICE, &config.http, Arc::new(health))?;
        let server = server.data(Arc::new(gateway));
        let address = server.address();

        let mut tasks = TaskSet::new(SERVICE.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        // With the server, which does not end before its streams do.
        tasks.spawn(Phase::Http, "streams", |stop| async move {
            stop.cancelled().await;
            stopping.cancel();
            Ok(())
        });
        Ok(Self { address, tasks })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it from elsewhere.
    #[must_use]
    pub fn shutdown_handle(&self) -> ShutdownHandle {
        self.tasks.shutdown_handle()
    }

    /// Runs until told to stop.
    ///
    /// # Errors
    /// When a task ends by itself.
    pub async fn run(self) -> anyhow::Result<()> {
        self.tasks.until_shutdown().await
    }

    /// Stops it in order: what it has in hand is finished.
    pub async fn stop(self) {
        self.tasks.stop().await;
    }
}
