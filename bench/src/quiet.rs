//! Waiting until the shop has nothing left to do, so that one measurement does not slow the next.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::api::{Api, list};

const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Thousands of orders, with their mails, on a slow machine.
const BOUND: Duration = Duration::from_secs(300);
/// What is on its way between two services is seen in neither: it must be quiet twice.
const IN_A_ROW: u32 = 2;
/// Services that have an outbox, due work or queues.
const BUSY: [&str; 5] = ["order", "payment", "catalog", "email", "order-history"];

/// Waits until outboxes, queues and due work are empty and every order is decided.
///
/// # Errors
/// When that takes too long; it tells what is left.
pub async fn wait(api: &Api) -> Result<()> {
    let operator = api.operator().await?;
    let deadline = Instant::now() + BOUND;
    let mut quiet = 0;
    loop {
        let left = left_to_do(api, &operator).await?;
        quiet = if left.is_none() { quiet + 1 } else { 0 };
        match left {
            None if quiet >= IN_A_ROW => return Ok(()),
            Some(left) if Instant::now() >= deadline => {
                bail!("the shop does not get quiet: {left}")
            }
            None | Some(_) => sleep(LOOK_EVERY).await,
        }
    }
}

/// Something there is left to do, in words.
async fn left_to_do(api: &Api, operator: &str) -> Result<Option<String>> {
    let path = "/orders?status=provisional&limit=1";
    let orders = api.get("order", path, Some(operator)).await?;
    if let Some(order) = list(&orders, "/items")?.first() {
        return Ok(Some(format!("undecided: {order}")));
    }
    for service in BUSY {
        let backlog = api.get(service, "/ops/backlog", Some(operator)).await?;
        if !is_empty(&backlog) {
            return Ok(Some(format!("{service}: {backlog}")));
        }
    }
    Ok(None)
}

fn is_empty(backlog: &Value) -> bool {
    let none = |pointer| backlog.pointer(pointer).and_then(Value::as_u64).unwrap_or_default() == 0;
    let queues = backlog["queues"].as_array().map(Vec::as_slice).unwrap_or_default();
    none("/outbox/pending")
        && none("/due_work/open")
        && queues.iter().all(|queue| queue["ready"].as_u64() == Some(0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_empty;

    #[test]
    fn a_service_is_quiet_when_nothing_waits_anywhere() {
        let queues = json!([{"name": "order.replies", "ready": 0, "dead": 3}]);
        let quiet = json!({"outbox": {"pending": 0}, "due_work": {"open": 0}, "queues": queues});

        assert!(is_empty(&quiet));
        for (pointer, busy) in [
            ("/outbox/pending", json!(1)),
            ("/due_work/open", json!(1)),
            ("/queues/0/ready", json!(1)),
            ("/queues/0/ready", json!(null)),
        ] {
            let mut backlog = quiet.clone();
            *backlog.pointer_mut(pointer).unwrap() = busy;
            assert!(!is_empty(&backlog), "{pointer}");
        }
    }
}
