//! The composition root: everything this service is made of, put together once.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use chassis::auth::{SqlKeys, Verifier};
use chassis::health::Health;
use chassis::ops::Operations;
use chassis::{Phase, Server, ShutdownHandle, TaskSet, peer};
use chassis_messaging::{Broker, Consumer, Relay, Wake};
use shop_contracts::routing;
use shop_kernel::Clock;

use crate::catalog::Catalog;
use crate::orders::Orders;
use crate::seed::Range;
use crate::shelf::Shelf;
use crate::{Config, SERVICE, figures, migrations};

/// The running service. Dropping it is a kill; [`Application::run`] ends it in order.
#[derive(Debug)]
pub struct Application {
    address: SocketAddr,
    tasks: TaskSet,
}

impl Application {
    /// Opens the store, plants the range, and starts serving and consuming.
    ///
    /// Broker and clock are handed in: the demo gives one of each to all services.
    ///
    /// # Errors
    /// When the store does not open or the address is taken.
    pub async fn build(
        config: Config,
        broker: Arc<dyn Broker>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let db = config.database.open(migrations).await?;
        let (shelf, wake) = (Arc::new(Shelf::default()), Wake::default());
        let catalog =
            Catalog::new(db.clone(), Arc::clone(&clock), Arc::clone(&shelf), wake.clone());
        plant(&config, &catalog).await?;
        shelf.refresh(&db).await.context("could not read the range")?;

        let identity = peer::Client::new()?.peer("identity", &config.peers.identity);
        let keys = SqlKeys(db.clone());
        let verifier = Arc::new(Verifier::keeping(keys, identity, Arc::clone(&clock)).await?);
        let reported = Arc::clone(&broker);
        let health = Health::of(db.clone())
            .with_keys(Arc::clone(&verifier))
            .reporting("broker", move || reported.is_connected());
        let operations =
            Operations::new(&SERVICE, Some(db.clone()), Arc::clone(&broker), Arc::clone(&clock));
        let operations = Arc::new(operations);
        let server = Server::bind(&SERVICE, &config.http, Arc::new(health))?
            .data(Arc::clone(&verifier))
            .data(Arc::clone(&operations))
            .data(Arc::new(catalog.clone()));
        let address = server.address();

        figures::begin();
        let relay = Relay::new(SERVICE.name, db.clone(), Arc::clone(&broker), clock, wake)
            .telling(figures::tell);
        let handler = Arc::new(Orders::over(catalog));
        let orders = Consumer::new(routing::CATALOG_ORDERS, broker, handler, Arc::new(db.clone()));

        let mut tasks = TaskSet::new(SERVICE.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        tasks.spawn(Phase::Work, "keys", |stop| verifier.keep_fresh(stop));
        tasks.spawn(
            Phase::Work,
            "figures",
            |stop| async move { operations.keep_figures(stop).await },
        );
        tasks.spawn(Phase::Work, "orders", |stop| async move {
            orders.run(stop).await;
            Ok(())
        });
        let kept = db.clone();
        tasks.spawn(Phase::Work, "shelf", |stop| async move {
            shelf.keep_fresh(&kept, stop).await;
            Ok(())
        });
        tasks.spawn(Phase::Relay, "relay", |stop| async move {
            relay.run(stop).await;
            Ok(())
        });
        tasks.at_the_end(async move { drop(db.close().await) });
        Ok(Self { address, tasks })
    }

    /// Brings the store up to date, plants the range where that is wanted, and nothing else.
    ///
    /// # Errors
    /// When the store does not open or refuses.
    pub async fn migrate(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
        let db = config.database.open_and_migrate(migrations).await?;
        let catalog = Catalog::new(db.clone(), clock, Arc::default(), Wake::default());
        plant(&config, &catalog).await?;
        db.close().await?;
        tracing::info!("the store is up to date");
        Ok(())
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

    /// Serves until told to stop, then finishes what it has.
    ///
    /// # Errors
    /// When a part of it ended by itself.
    pub async fn run(self) -> anyhow::Result<()> {
        self.tasks.until_shutdown().await
    }

    /// Stops it now, in order.
    pub async fn stop(self) {
        self.tasks.stop().await;
    }
}

async fn plant(config: &Config, catalog: &Catalog) -> anyhow::Result<()> {
    if config.seed.enabled {
        let planted = catalog.plant(&Range::built_in()?).await;
        let planted = planted.context("could not plant the range")?;
        tracing::info!(planted, "the range is planted");
    }
    Ok(())
}
