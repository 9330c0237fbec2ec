//! Watching an order until it has ended as it must, or the patience has.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shop_kernel::OrderId;

use super::expected::{Ending, Expected};
use super::stage::Stage;

/// Often enough to see the steps one by one.
const LOOK_EVERY: Duration = Duration::from_millis(20);

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

/// Follows one order, and prints each step of it once.
pub(super) struct Follower<'a> {
    stage: &'a Stage<'a>,
    order: OrderId,
    accepted: Instant,
    known: BTreeSet<String>,
    pub(super) timeline: Vec<Step>,
}

/// How far an order has come, and what is still otherwise than it must be.
pub(super) struct Seen {
    pub(super) ending: Option<Ending>,
    pub(super) problems: Vec<String>,
}

impl<'a> Follower<'a> {
    /// Begins when the order is accepted.
    pub(super) fn of(order: OrderId, stage: &'a Stage<'a>) -> Self {
        let (accepted, known, timeline) = (Instant::now(), BTreeSet::new(), Vec::new());
        Self { stage, order, accepted, known, timeline }
    }

    /// Follows until all is as expected; says what is not when `patience` is over.
    pub(super) async fn until(
        &mut self,
        expected: &Expected,
        patience: Duration,
    ) -> anyhow::Result<Seen> {
        let began = Instant::now();
        let customer = &self.stage.customer;
        loop {
            let view = customer.view(self.order).await?;
            self.tell(view.as_ref())?;
            let mails = customer.mails(self.order).await?;
            let ending = view.as_ref().map(|view| Ending::of(view, mails)).transpose()?;
            let mut problems = match &ending {
                Some(ending) => expected.problems(ending),
                None => vec!["the read model has not heard of it".to_owned()],
            };
            if expected.is_settled && !customer.is_settled(self.order).await? {
                problems.push("the payment is not settled".to_owned());
            }
            if problems.is_empty() || began.elapsed() > patience {
                return Ok(Seen { ending, problems });
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn tell(&mut self, view: Option<&Value>) -> anyhow::Result<()> {
        let Some(view) = view else { return Ok(()) };
        let told: Vec<Told> = serde_json::from_value(view["timeline"].clone())?;
        for Told { producer, kind, message_id } in told {
            if self.known.insert(message_id) {
                let seen_after_ms = self.accepted.elapsed().as_millis();
                self.stage.say(&format!("     {seen_after_ms:>6} ms  {producer:<9} {kind}"));
                self.timeline.push(Step { seen_after_ms, producer, fact: kind });
            }
        }
        Ok(())
    }
}
