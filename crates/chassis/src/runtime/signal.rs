//! The signals that mean: stop.

use tokio::signal::unix::{SignalKind, signal};

/// Waits for one of them and names it.
pub(super) async fn received() -> &'static str {
    tokio::select! {
        () = one(SignalKind::interrupt()) => "SIGINT",
        () = one(SignalKind::terminate()) => "SIGTERM",
    }
}

async fn one(kind: SignalKind) {
    match signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::error!(%error, "a signal cannot be heard");
            std::future::pending::<()>().await;
        }
    }
}
