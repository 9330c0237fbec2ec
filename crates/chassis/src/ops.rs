//! `/ops/*`: what operators see of a service's messaging, and what they may do about it.

mod backlog;
mod dead_letters;
mod due_work;
mod figures;

use std::fmt;
use std::sync::Arc;

use chassis_messaging::Broker;
use sea_orm::DatabaseConnection;
use shop_contracts::routing::{QUEUES, Queue};
use shop_kernel::Clock;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{Problem, Service};

/// Adds the routes; the server needs [`Operations`] as data.
pub fn routes(config: &mut ServiceConfig<'_>) {
    backlog::routes(config);
    dead_letters::routes(config);
    due_work::routes(config);
}

/// What the routes of `ops`, `feed` and `inbox` work on.
pub struct Operations {
    service: &'static str,
    store: Option<DatabaseConnection>,
    broker: Arc<dyn Broker>,
    queues: Vec<Queue>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operations").field("queues", &self.queues).finish_non_exhaustive()
    }
}

impl Operations {
    /// The messaging of `service`: its tables in `store`, its queues at `broker`.
    ///
    /// Without a store there is no outbox, no due work and no inbox to look at.
    #[must_use]
    pub fn new(
        service: &Service,
        store: Option<DatabaseConnection>,
        broker: Arc<dyn Broker>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let is_own = |queue: &Queue| {
            queue.name.strip_prefix(service.name).is_some_and(|rest| rest.starts_with('.'))
        };
        let queues = QUEUES.into_iter().filter(is_own).collect();
        Self { service: service.name, store, broker, queues, clock }
    }

    pub(crate) fn store(&self) -> Result<&DatabaseConnection, Problem> {
        let missing = || Problem::not_found("not-found", "this service keeps no such thing");
        self.store.as_ref().ok_or_else(missing)
    }

    fn queue(&self, name: &str) -> Result<Queue, Problem> {
        let own = self.queues.iter().find(|queue| queue.name == name).copied();
        own.ok_or_else(|| Problem::not_found("queue-unknown", "this service has no such queue"))
    }
}
