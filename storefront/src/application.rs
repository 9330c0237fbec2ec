//! Shell or fragment: what this process serves follows from its settings.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use actix_web::web;
use anyhow::Context as _;
use async_trait::async_trait;
use chassis::health::{Health, Store};
use chassis::{Phase, Server, Service, TaskSet};

use crate::Config;
use crate::fragment::Fragment;
use crate::front;
use crate::manifest::Manifest;
use crate::site::{Fragments, Relay, Site};

/// What this says about itself.
pub const SERVICE: Service = Service {
    name: "storefront",
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("SHOP_COMMIT"),
    summary: "The shop's pages: the shell, composed with the fragments' own servers, or one fragment.",
    defaults: include_str!("../config/default.toml"),
    // Pages are no API: there is nothing to document.
    routes: |_| (),
};

/// The server, serving.
#[derive(Debug)]
pub struct Application {
    address: SocketAddr,
    tasks: TaskSet,
}

impl Application {
    /// Begins to serve; dropping the result is a kill.
    ///
    /// # Errors
    /// When there is nothing to serve, a setting is wrong, or the address is taken.
    pub async fn build(service: Service, config: Config) -> anyhow::Result<Self> {
        let mut tasks = TaskSet::new(service.name);
        let server = if config.ui.fragment.is_empty() {
            shell(&service, &config, &mut tasks).await?
        } else {
            fragment(&service, &config)?
        };
        let address = server.address();
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        Ok(Self { address, tasks })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Runs until told to stop.
    ///
    /// # Errors
    /// When a task ends by itself.
    pub async fn run(self) -> anyhow::Result<()> {
        self.tasks.until_shutdown().await
    }
}

async fn shell(service: &Service, config: &Config, tasks: &mut TaskSet) -> anyhow::Result<Server> {
    let manifest = Manifest::read(&config.manifest.file)?;
    let bff = Some(config.peers.web_bff.as_str()).filter(|url| !url.is_empty());
    let relay = web::Data::new(Relay::new(bff)?);
    let fragments = Arc::new(Fragments::parse(&config.ui.fragments)?);
    fragments.refresh().await;
    let site = Site::open(&config.ui.dir)
        .with_context(|| format!("there is no storefront in {}", config.ui.dir.display()))?
        .with_fragments(Arc::clone(&fragments))
        .with_source(&config.ui.source);
    let every = config.refresh_every();
    let kept = Arc::clone(&fragments);
    tasks.spawn(Phase::Work, "fragments", move |stop| async move {
        kept.keep_fresh(every, stop).await;
    });

    let health = Health::of(Folder(config.ui.dir.join("manifest.json")))
        .reporting("fragments", move || fragments.missing().is_empty());
    let server = Server::bind(service, &config.http, Arc::new(health))?;
    let manifest = web::Data::new(manifest);
    Ok(server.plain(move |app| {
        app.app_data(manifest.clone()).app_data(relay.clone());
        front::routes(app);
        site.configure(app);
    }))
}

fn fragment(service: &Service, config: &Config) -> anyhow::Result<Server> {
    let fragment = Fragment::open(&config.ui.fragment, &config.ui.dir)?;
    let health = Health::of(Folder(fragment.part()));
    let server = Server::bind(service, &config.http, Arc::new(health))?;
    Ok(server.plain(move |app| fragment.configure(app)))
}

/// Ready is who has something to serve.
struct Folder(PathBuf);

#[async_trait]
impl Store for Folder {
    async fn is_up(&self) -> bool {
        tokio::fs::try_exists(&self.0).await.unwrap_or_default()
    }
}
