//! The watchdog: cancels orders whose answers did not come in time.

use chassis::trace;
use order_core::app::Orders;
use order_core::app::time_out::TimeOutError;
use order_core::ports::Overdue;
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
            let found = self.round(&stop).await.unwrap_or_else(|error| {
                let error: &(dyn std::error::Error + 'static) = &error;
                tracing::warn!(error, "overdue orders have to wait");
                0
            });
            if found >= self.config.batch.max(1) as usize && !stop.is_cancelled() {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.config.every()) => {}
            }
        }
    }

    /// Cancels one batch, and tells how many were overdue.
    async fn round(&self, stop: &CancellationToken) -> Result<usize, TimeOutError> {
        let overdue = self.orders.overdue(self.config.batch.max(1)).await?;
        for order in &overdue {
            if stop.is_cancelled() {
                break;
            }
            self.cancel(order).await?;
        }
        Ok(overdue.len())
    }

    /// Cancels one order, as a part of the trace it was placed in.
    async fn cancel(&self, overdue: &Overdue) -> Result<(), TimeOutError> {
        let span = tracing::info_span!("time out", order.id = %overdue.order);
        trace::set_parent(&span, overdue.traceparent.as_deref());
        async {
            let traceparent = trace::current_traceparent().or(overdue.traceparent.clone());
            let overdue = Overdue { order: overdue.order, traceparent };
            if self.orders.time_out(&overdue).await? {
                tracing::info!("an order timed out");
                metrics::counter!("orders_timed_out_total", "service" => "order").increment(1);
            }
            Ok(())
        }
        .instrument(span)
        .await
    }
}
