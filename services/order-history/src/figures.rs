//! Figures nobody asks for in passing: they are counted now and then.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::SERVICE;
use crate::history::History;

/// About as often as metrics are collected.
const COUNT_EVERY: Duration = Duration::from_secs(15);

/// Counts the documents until told to stop.
///
/// # Errors
/// Never; the signature is that of a task.
pub(crate) async fn run(history: History, stop: CancellationToken) -> anyhow::Result<()> {
    let mut turn = tokio::time::interval(COUNT_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            _ = turn.tick() => {}
        }
        // A store that is away is reported by the probes.
        if let Ok(count) = history.count().await {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            metrics::gauge!("order_history_documents", "service" => SERVICE.name).set(count);
        }
    }
}

/// Begins what is counted elsewhere, so that the first of a kind is seen as a rise.
pub(crate) fn begin() {
    let service = SERVICE.name;
    // Made known; nothing is recorded yet.
    drop(metrics::histogram!("order_history_projection_lag_seconds", "service" => service));
    metrics::counter!("order_history_rebuild_facts_total", "service" => service).increment(0);
    metrics::gauge!("order_history_rebuild_running", "service" => service).set(0);
}
