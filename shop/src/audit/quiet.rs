//! Waiting until nothing is under way.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::api::Api;

/// Services that publish, consume or have work due.
const BUSY: [&str; 5] = ["order", "payment", "catalog", "email", "order-history"];
/// Short beside anything a person waits for.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A message between two services is in nobody's figures for a moment: so many quiet looks in a
/// row make it certain.
const QUIET_LOOKS: u32 = 5;

#[derive(Debug, Deserialize)]
struct Backlog {
    outbox: Outbox,
    due_work: DueWork,
    queues: Vec<Depth>,
}

#[derive(Debug, Deserialize)]
struct Outbox {
    pending: u64,
}

#[derive(Debug, Deserialize)]
struct DueWork {
    open: u64,
}

#[derive(Debug, Deserialize)]
struct Depth {
    name: String,
    ready: Option<u64>,
}

/// Waits until no service has anything under way, at most for `patience`.
///
/// # Errors
/// When something still is; the error says what.
pub(super) async fn until_quiet(api: &Api, token: &str, patience: Duration) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut quiet_looks = 0;
    loop {
        let busy = under_way(api, token).await?;
        quiet_looks = if busy.is_empty() { quiet_looks + 1 } else { 0 };
        if quiet_looks == QUIET_LOOKS {
            return Ok(());
        }
        if began.elapsed() > patience {
            bail!("not quiet after {} s: {}", patience.as_secs(), busy.join(", "));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// What is under way, in words.
async fn under_way(api: &Api, token: &str) -> anyhow::Result<Vec<String>> {
    let mut busy = Vec::new();
    for service in BUSY {
        let answer = api.get(service, "/ops/backlog", Some(token)).await?;
        let backlog: Backlog = serde_json::from_value(answer.ok()?)
            .with_context(|| format!("the backlog of {service}"))?;
        if backlog.outbox.pending > 0 {
            busy.push(format!("{} messages in the outbox of {service}", backlog.outbox.pending));
        }
        if backlog.due_work.open > 0 {
            busy.push(format!("{} pieces of work due in {service}", backlog.due_work.open));
        }
        for queue in backlog.queues {
            match queue.ready {
                Some(0) => {}
                Some(ready) => busy.push(format!("{ready} messages in {}", queue.name)),
                None => busy.push(format!("{} is out of reach", queue.name)),
            }
        }
    }
    let open = api.get("order", "/ops/audit", Some(token)).await?.ok()?["open"].as_u64();
    match open.context("order tells no open orders")? {
        0 => {}
        open => busy.push(format!("{open} open orders")),
    }
    Ok(busy)
}
