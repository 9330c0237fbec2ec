//! The parts of the service, put together: the one place that names every adapter.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::auth::Verifier;
use chassis::health::Health;
use chassis::ops::Operations;
use chassis::peer::Client;
use chassis::{Phase, Server, TaskSet};
use chassis_messaging::{Broker, Consumer, Idempotent, Relay, Worker};
use payment_core::app::Payments;
use payment_core::domain::Work;
use sea_orm::DatabaseConnection;
use shop_contracts::routing::PAYMENT_ORDERS;
use shop_kernel::Clock;

use crate::checkpoint::Checkpoint;
use crate::inbound::{orders::Orders, work::DueWork};
use crate::outbound::books::{Store, Wakes};
use crate::outbound::credit::CreditLimits;
use crate::outbound::methods::Methods;
use crate::outbound::provider::HttpProvider;
use crate::outbound::reports::Reports;
use crate::{Config, SERVICE, money};

/// As many orders as share a transaction; more would make the last of them wait.
const ORDERS_AT_ONCE: u16 = 32;

/// What everything is made of.
pub(crate) struct Parts {
    pub(crate) config: Config,
    pub(crate) db: DatabaseConnection,
    pub(crate) broker: Arc<dyn Broker>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) verifier: Arc<Verifier>,
    operations: Arc<Operations>,
    wakes: Wakes,
    store: Store,
    methods: Methods,
    provider: Arc<HttpProvider>,
    payments: Payments,
}

impl Parts {
    /// Puts the use cases over their adapters.
    pub(crate) fn new(
        config: Config,
        db: DatabaseConnection,
        broker: Arc<dyn Broker>,
        clock: Arc<dyn Clock>,
        verifier: Arc<Verifier>,
        client: &Client,
        checkpoint: Arc<dyn Checkpoint>,
    ) -> anyhow::Result<Self> {
        let url = config.peers.provider.0.first().context("peers.provider is not set")?;
        let provider = Arc::new(HttpProvider::new(
            client,
            url.clone(),
            config.provider.key_secret.clone(),
            Duration::from_millis(config.provider.timeout_ms),
            Arc::clone(&checkpoint),
        ));
        let methods = Methods::new(db.clone(), Arc::clone(&clock));
        let cards = Arc::new(methods.clone());
        let payments =
            Payments::new(cards, Arc::clone(&provider) as _, Arc::clone(&clock), config.policy());
        let wakes = Wakes::default();
        let store = Store::new(db.clone(), Arc::clone(&clock), wakes.clone(), checkpoint);
        let own = Some(db.clone());
        let operations = Operations::new(&SERVICE, own, Arc::clone(&broker), Arc::clone(&clock));
        let operations = Arc::new(operations);
        Ok(Self {
            config,
            db,
            broker,
            clock,
            verifier,
            operations,
            wakes,
            store,
            methods,
            provider,
            payments,
        })
    }

    /// The server, bound, with everything its handlers ask for.
    pub(crate) fn server(&self) -> anyhow::Result<Server> {
        let (broker, provider) = (Arc::clone(&self.broker), Arc::clone(&self.provider));
        let health = Health::of(self.db.clone())
            .with_keys(Arc::clone(&self.verifier))
            .reporting("broker", move || broker.is_connected())
            .reporting("provider", move || provider.is_answering());
        Ok(Server::bind(&SERVICE, &self.config.http, Arc::new(health))?
            .data(Arc::clone(&self.verifier))
            .data(Arc::clone(&self.operations))
            .data(Arc::new(self.methods.clone()))
            .data(Arc::clone(&self.provider))
            .data(Arc::new(self.payments.clone()))
            .data(Arc::new(self.store.clone()))
            .data(Arc::new(Reports(self.db.clone())))
            .data(Arc::new(CreditLimits(self.db.clone()))))
    }

    /// Starts everything that works without being asked.
    pub(crate) fn spawn(&self, tasks: &mut TaskSet) {
        let verifier = Arc::clone(&self.verifier);
        tasks.spawn(Phase::Work, "keys", |stop| verifier.keep_fresh(stop));
        let operations = Arc::clone(&self.operations);
        tasks.spawn(
            Phase::Work,
            "figures",
            |stop| async move { operations.keep_figures(stop).await },
        );

        let orders = Orders { payments: self.payments.clone(), store: self.store.clone() };
        let once = Idempotent::new(self.db.clone(), Arc::clone(&self.clock), orders);
        let consumer = Consumer::new(
            PAYMENT_ORDERS,
            Arc::clone(&self.broker),
            Arc::new(once),
            Arc::new(self.db.clone()),
        )
        .in_batches(ORDERS_AT_ONCE);
        tasks.spawn(Phase::Work, "orders", |stop| async move {
            consumer.run(stop).await;
            Ok(())
        });

        for work in [Work::Charge, Work::Refund] {
            let (name, worker) = self.worker(work);
            tasks.spawn(Phase::Work, name, |stop| async move {
                worker.run(stop).await;
                Ok(())
            });
        }

        money::begin();
        let relay = Relay::new(
            SERVICE.name,
            self.db.clone(),
            Arc::clone(&self.broker),
            Arc::clone(&self.clock),
            self.wakes.relay.clone(),
        )
        .telling(money::tell);
        tasks.spawn(Phase::Relay, "relay", |stop| async move {
            relay.run(stop).await;
            Ok(())
        });
    }

    fn worker(&self, work: Work) -> (&'static str, Worker) {
        let due = DueWork { payments: self.payments.clone(), store: self.store.clone(), work };
        let (charges, refunds) = (self.config.charges, self.config.refunds);
        let (name, wake, backoff, concurrency) = match work {
            Work::Charge => ("charges", &self.wakes.charge, charges.backoff(), charges.concurrency),
            Work::Refund => ("refunds", &self.wakes.refund, refunds.backoff(), refunds.concurrency),
        };
        let clock = Arc::clone(&self.clock);
        let (due, wake) = (Arc::new(due), wake.clone());
        (name, Worker::new(SERVICE.name, self.db.clone(), due, clock, wake, backoff, concurrency))
    }
}
