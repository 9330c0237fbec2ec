//! Who listens to which order, and how they are told that it changed.

mod stream;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shop_kernel::{CustomerId, OrderId};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub(crate) use stream::events;

use crate::SERVICE;
use crate::config::UpdatesConfig;
use crate::store::Change;

/// The listeners of this process.
///
/// A listener is told only *that* its order changed and reads it itself, so one who is slow costs
/// no memory: what he missed is in the next read.
#[derive(Debug)]
pub(crate) struct Updates {
    config: UpdatesConfig,
    listeners: Mutex<Listeners>,
    closed: CancellationToken,
}

#[derive(Debug, Default)]
struct Listeners {
    count: usize,
    by_customer: HashMap<CustomerId, usize>,
    by_order: HashMap<OrderId, watch::Sender<()>>,
}

/// There are as many listeners as there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooMany {
    /// In this process.
    #[error("too many clients listen to updates")]
    InAll,
    /// Of this customer.
    #[error("this customer listens to updates too often")]
    OfCustomer,
}

impl Updates {
    /// Nobody listens yet.
    #[must_use]
    pub(crate) fn new(config: UpdatesConfig) -> Arc<Self> {
        gauge(0);
        Arc::new(Self { config, listeners: Mutex::default(), closed: CancellationToken::new() })
    }

    /// Starts listening; every change after this call is told.
    ///
    /// `customer` is whom it counts for; services and operators count for nobody.
    ///
    /// # Errors
    /// When there are too many.
    pub(crate) fn listen(
        self: &Arc<Self>,
        order: OrderId,
        customer: Option<CustomerId>,
    ) -> Result<Listener, TooMany> {
        let mut listeners = self.lock();
        if listeners.count >= self.config.max_clients {
            return Err(TooMany::InAll);
        }
        if let Some(customer) = customer {
            let own = listeners.by_customer.entry(customer).or_default();
            if *own >= self.config.max_per_customer {
                return Err(TooMany::OfCustomer);
            }
            *own += 1;
        }
        listeners.count += 1;
        gauge(listeners.count);
        let sender = listeners.by_order.entry(order).or_insert_with(|| watch::Sender::new(()));
        let changed = sender.subscribe();
        Ok(Listener { updates: Arc::clone(self), order, customer, changed })
    }

    /// Passes on what the store announces, until told to stop; then every listener ends.
    ///
    /// # Errors
    /// When the store announces nothing any more.
    pub(crate) async fn run(
        self: Arc<Self>,
        mut changes: broadcast::Receiver<Change>,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        let _ends_with_this = self.closed.clone().drop_guard();
        loop {
            let change = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                change = changes.recv() => change,
            };
            match change {
                Ok(Change::Order(order)) => self.tell(order),
                Ok(Change::Everything) | Err(RecvError::Lagged(_)) => self.tell_everyone(),
                Err(error @ RecvError::Closed) => return Err(error.into()),
            }
        }
    }

    fn tell(&self, order: OrderId) {
        if let Some(sender) = self.lock().by_order.get(&order) {
            sender.send_replace(());
        }
    }

    fn tell_everyone(&self) {
        for sender in self.lock().by_order.values() {
            sender.send_replace(());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who listens to one order, for as long as this lives.
#[derive(Debug)]
pub(crate) struct Listener {
    updates: Arc<Updates>,
    order: OrderId,
    customer: Option<CustomerId>,
    changed: watch::Receiver<()>,
}

impl Listener {
    /// Waits until the order may have changed; `false` when there will be no more changes.
    pub(crate) async fn changed(&mut self) -> bool {
        tokio::select! {
            () = self.updates.closed.cancelled() => false,
            changed = self.changed.changed() => changed.is_ok(),
        }
    }

    /// Makes the next wait end at once, as when the order could not be read.
    pub(crate) fn look_again(&mut self) {
        self.changed.mark_changed();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listeners = self.updates.lock();
        listeners.count -= 1;
        gauge(listeners.count);
        if let Some(customer) = self.customer
            && let Some(own) = listeners.by_customer.get_mut(&customer)
        {
            *own -= 1;
            if *own == 0 {
                listeners.by_customer.remove(&customer);
            }
        }
        // Ours is still counted here.
        let is_last =
            listeners.by_order.get(&self.order).is_some_and(|sender| sender.receiver_count() <= 1);
        if is_last {
            listeners.by_order.remove(&self.order);
        }
    }
}

fn gauge(count: usize) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    metrics::gauge!("order_history_sse_clients", "service" => SERVICE.name).set(count);
}
