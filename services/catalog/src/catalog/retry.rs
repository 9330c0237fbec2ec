//! Trying a transaction again that lost against another.

use std::time::Duration;

use super::Fault;

/// A transaction that has lost this often meets a hotter row than there ever was.
const TRIES: u32 = 10;
/// About as long as one of these transactions takes.
const PAUSE: Duration = Duration::from_millis(5);

/// Runs `work` again as long as the store says that it only came at the wrong moment.
pub(super) async fn retried<T, F>(work: impl Fn() -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>>,
{
    let mut tried = 1;
    loop {
        match work().await {
            Err(Fault::Store(error)) if chassis_db::is_conflict(&error) && tried < TRIES => {
                tracing::debug!(tried, "a transaction lost against another");
                tokio::time::sleep(PAUSE * tried).await;
                tried += 1;
            }
            outcome => return outcome,
        }
    }
}
