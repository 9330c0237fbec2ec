//! Watching an order until it has ended as it must, or the patience has.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shop_kernel::OrderId;

use super::expected::{Ending, Expected};
use crate::customer::Customer;

/// Often enough to see the steps one by one.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// One fact of an order's timeline, and when it was seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Milliseconds after the order was accepted.
    pub seen_after_ms: u128,
    /// The service that said it.
    pub producer: String,
    /// Its wire type.
    pub fact: String,
}

#[derive(Deserialize)]
struct Told {
    producer: String,
    #[serde(rename = "type")]
    kind: String,
    message_id: String,
}

/// What was seen of an order.
pub(super) struct Followed {
    pub(super) ending: Option<Ending>,
    pub(super) problems: Vec<String>,
    pub(super) timeline: Vec<Step>,
}

/// Follows an order until it has ended as expected; says what is still wrong after `patience`.
pub(super) async fn follow(
    customer: &Customer<'_>,
    order: OrderId,
    expected: &Expected,
    patience: Duration,
    is_quiet: bool,
) -> anyhow::Result<Followed> {
    let accepted = Instant::now();
    let mut known = Vec::new();
    let mut timeline = Vec::new();
    loop {
        let view = customer.view(order).await?;
        for told in view.as_ref().map(steps).transpose()?.unwrap_or_default() {
            if known.contains(&told.message_id) {
                continue;
            }
            known.push(told.message_id);
            let seen_after_ms = accepted.elapsed().as_millis();
            if !is_quiet {
                println!("     {seen_after_ms:>6} ms  {:<9} {}", told.producer, told.kind);
            }
            timeline.push(Step { seen_after_ms, producer: told.producer, fact: told.kind });
        }
        let mails = customer.mails(order).await?;
        let ending = view.as_ref().map(|view| Ending::of(view, mails)).transpose()?;
        let problems = match &ending {
            Some(ending) => expected.problems(ending),
            None => vec!["the read model has not heard of it".to_owned()],
        };
        if problems.is_empty() || accepted.elapsed() > patience {
            return Ok(Followed { ending, problems, timeline });
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn steps(view: &Value) -> serde_json::Result<Vec<Told>> {
    serde_json::from_value(view["timeline"].clone())
}
