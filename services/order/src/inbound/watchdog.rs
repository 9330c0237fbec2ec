//! The watchdog: cancels orders whose answers did not come in time.

use chassis::trace;
use order_core::app::Orders;
use order_core::app::time_out::TimeOutError;
use order_core::ports::{Overdue, StoreError};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::config::WatchdogConfig;

/// Looks for overdue orders. Any number of replicas may: each order is cancelled once.
#[derive(Debug)]
pub(crate) struct Watchdog {
    orders: Orders,
    config: WatchdogConfig,
}

impl Watchdog {
    pub(crate) const fn new(orders: Orders, config: WatchdogConfig) -> Self {
        Self { orders, config }
    }

    /// Looks until told to stop.
    pub(crate) async fn run(self, stop: CancellationToken) {
        loop {
            let is_more_due = self.round(&stop).await.unwrap_or_else(|error| {
                let error: &(dyn std::error::Error + 'static) = &error;
                tracing::warn!(error, "overdue orders have to wait");
                false
            });
            if is_more_due && !stop.is_cancelled() {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.config.every()) => {}
            }
        }
    }

    /// Cancels one batch, and tells whether to look for another at once.
    ///
    /// An order that cannot be cancelled does not keep those after it waiting.
    async fn round(&self, stop: &CancellationToken) -> Result<bool, TimeOutError> {
        let overdue = self.orders.overdue(self.config.batch.max(1)).await?;
        let mut cancelled = 0;
        for order in &overdue {
            if stop.is_cancelled() {
                break;
            }
            match self.cancel(order).await {
                Ok(is_cancelled) => cancelled += u32::from(is_cancelled),
                Err(error @ TimeOutError::Store(StoreError::Unavailable(_))) => return Err(error),
                Err(error) => {
                    let error: &(dyn std::error::Error + 'static) = &error;
                    tracing::error!(error, order.id = %order.order, "an order cannot time out");
                }
            }
        }
        let is_full = overdue.len() >= self.config.batch.max(1) as usize;
        Ok(is_full && cancelled > 0)
    }

    /// Cancels one order, as a part of the trace it was placed in; tells whether it did.
    async fn cancel(&self, overdue: &Overdue) -> Result<bool, TimeOutError> {
        let span = tracing::info_span!("time out", order.id = %overdue.order);
        trace::set_parent(&span, overdue.traceparent.as_deref());
        async {
            let traceparent = trace::current_traceparent().or(overdue.traceparent.clone());
            let overdue = Overdue { order: overdue.order, traceparent };
            let is_cancelled = self.orders.time_out(&overdue).await?;
            if is_cancelled {
                tracing::info!("an order timed out");
            }
            Ok(is_cancelled)
        }
        .instrument(span)
        .await
    }
}
