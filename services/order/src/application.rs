//! The composition root: the only place that names every part.

use std::net::SocketAddr;
use std::sync::Arc;

use chassis::auth::{ServiceTokens, SqlKeys, Verifier};
use chassis::health::Health;
use chassis::ops::Operations;
use chassis::peer::Client;
use chassis::{Phase, Server, ShutdownHandle, TaskSet};
use chassis_messaging::{Broker, Consumer, Relay, Wake};
use order_core::app::{Carts, Orders, Ports, Snapshots};
use sea_orm::DatabaseConnection;
use shop_contracts::routing::{ORDER_PRICES, ORDER_REPLIES};
use shop_kernel::Clock;

use crate::config::Config;
use crate::inbound::http::{Auditor, SERVICE, begin_figures};
use crate::inbound::{Housekeeping, PriceFeed, PriceNews, SagaReplies, Standing, Watchdog};
use crate::outbound::migration::migrations;
use crate::outbound::store::Store;

/// The order service, serving.
#[derive(Debug)]
pub struct Application {
    address: SocketAddr,
    tasks: TaskSet,
}

impl Application {
    /// Builds and starts the whole service. Dropping it is a kill; [`Self::stop`] is a clean end.
    ///
    /// # Errors
    /// When its store cannot be opened or its address cannot be had.
    pub async fn build(
        config: Config,
        broker: Arc<dyn Broker>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let db = config.database.open(migrations).await?;
        let wake = Wake::default();
        let store = Arc::new(Store::new(db.clone(), wake.clone()));
        let ports = ports(&store, &clock);
        let orders = Orders::new(ports.clone(), config.rules());
        let carts = Carts::new(ports, config.rules());

        let client = Client::new()?;
        let identity = client.peer("identity", &config.peers.identity);
        let keys = SqlKeys(db.clone());
        let verifier = Verifier::keeping(keys, identity.clone(), Arc::clone(&clock)).await?;
        let verifier = Arc::new(verifier);
        let secret = config.auth.service_secret.clone();
        let tokens = Arc::new(ServiceTokens::new(SERVICE.name, secret, identity));
        let catalog = client.peer("catalog", &config.peers.catalog).with_tokens(tokens);

        begin_figures();
        let operations =
            Operations::new(&SERVICE, Some(db.clone()), Arc::clone(&broker), Arc::clone(&clock));
        let operations = Arc::new(operations);
        let server = Server::bind(&SERVICE, &config.http, health(&db, &verifier, &broker))?
            .data(Arc::clone(&verifier))
            .data(Arc::new(orders.clone()))
            .data(Arc::new(carts))
            .data(Arc::new(Snapshots::new(store.clone(), store.clone())))
            .data(Arc::new(Auditor::new(store.clone(), config.keep_replies())))
            .data(Arc::clone(&operations));
        let address = server.address();

        let mut tasks = TaskSet::new(SERVICE.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        tasks.spawn(Phase::Work, "keys", |stop| verifier.keep_fresh(stop));

        tasks.spawn(
            Phase::Work,
            "figures",
            |stop| async move { operations.keep_figures(stop).await },
        );
        let standing = Standing::new(Store::clone(&store), Arc::clone(&clock));
        tasks.spawn(Phase::Work, "standing", |stop| endless(standing.run(stop)));

        let replies = Arc::new(SagaReplies::new(orders.clone()));
        let replies =
            Consumer::new(ORDER_REPLIES, Arc::clone(&broker), replies, Arc::new(db.clone()));
        let news = Arc::new(PriceNews::new(Store::clone(&store), Arc::clone(&clock)));
        let news = Consumer::new(ORDER_PRICES, Arc::clone(&broker), news, Arc::new(db.clone()));
        tasks.spawn(Phase::Work, "replies", |stop| endless(replies.run(stop)));
        tasks.spawn(Phase::Work, "price news", |stop| endless(news.run(stop)));

        let feed = PriceFeed::new(Store::clone(&store), catalog, Arc::clone(&clock));
        let watchdog = Watchdog::new(orders, config.watchdog);
        let housekeeping = Housekeeping::new(&config, store, db.clone(), Arc::clone(&clock));
        let check = config.prices;
        tasks.spawn(Phase::Work, "price feed", |stop| endless(feed.run(check, stop)));
        tasks.spawn(Phase::Work, "watchdog", |stop| endless(watchdog.run(stop)));
        tasks.spawn(Phase::Work, "housekeeping", |stop| endless(housekeeping.run(stop)));

        let relay = Relay::new(SERVICE.name, db.clone(), broker, clock, wake);
        tasks.spawn(Phase::Relay, "relay", |stop| endless(relay.run(stop)));
        tasks.at_the_end(async move { drop(db.close().await) });
        Ok(Self { address, tasks })
    }

    /// Brings the store up to date, and nothing else.
    ///
    /// # Errors
    /// When the store does not open or a migration fails.
    pub async fn migrate(config: Config) -> anyhow::Result<()> {
        let db = config.database.open_and_migrate(migrations).await?;
        db.close().await?;
        tracing::info!("the store is up to date");
        Ok(())
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A handle that stops it from elsewhere.
    #[must_use]
    pub fn shutdown_handle(&self) -> ShutdownHandle {
        self.tasks.shutdown_handle()
    }

    /// Runs until a task ends or the process is told to stop.
    ///
    /// # Errors
    /// When a task ended by itself or failed.
    pub async fn run(self) -> anyhow::Result<()> {
        self.tasks.until_shutdown().await
    }

    /// Finishes what it has and ends.
    pub async fn stop(self) {
        self.tasks.stop().await;
    }
}

/// One store plays every part.
fn ports(store: &Arc<Store>, clock: &Arc<dyn Clock>) -> Ports {
    Ports {
        events: store.clone(),
        desk: store.clone(),
        prices: store.clone(),
        book: store.clone(),
        clock: Arc::clone(clock),
    }
}

fn health(
    db: &DatabaseConnection,
    verifier: &Arc<Verifier>,
    broker: &Arc<dyn Broker>,
) -> Arc<Health> {
    let broker = Arc::clone(broker);
    let health = Health::of(db.clone()).with_keys(Arc::clone(verifier));
    Arc::new(health.reporting("broker", move || broker.is_connected()))
}

/// A task that fails never: it ends when it is told to stop.
async fn endless(task: impl Future<Output = ()>) -> anyhow::Result<()> {
    task.await;
    Ok(())
}
