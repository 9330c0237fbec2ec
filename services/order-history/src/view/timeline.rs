//! Every fact of an order in the sequence a reader expects: causes before their effects.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::fact::Fact;

/// One fact in the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    /// The wire type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The service that said it.
    pub producer: String,
    /// When it became a fact there.
    pub time: DateTime<Utc>,
    /// Its position in that service's stream.
    pub version: u64,
    /// The trace it belongs to.
    pub trace_id: Option<String>,
    /// The id of the message.
    pub message_id: Uuid,
    /// The message that led to it.
    pub causation_id: Option<Uuid>,
}

impl From<&Fact> for Step {
    fn from(fact: &Fact) -> Self {
        Self {
            kind: fact.kind.clone(),
            producer: fact.producer.clone(),
            time: fact.time,
            version: fact.version,
            trace_id: fact.trace_id().map(ToOwned::to_owned),
            message_id: fact.id,
            causation_id: fact.causation,
        }
    }
}

/// Orders the facts: what led to a fact and what its producer said earlier come first.
///
/// Times only choose between facts of which neither led to the other, so clocks that disagree
/// may show two such facts the other way round, and never an effect before its cause.
pub(super) fn fold<'a>(facts: impl Iterator<Item = &'a Fact>) -> Vec<Step> {
    let mut waiting: Vec<&Fact> = facts.collect();
    waiting.sort_by_key(|fact| (fact.time, fact.id));
    let mut steps = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let unsaid: BTreeSet<Uuid> = waiting.iter().map(|fact| fact.id).collect();
        let is_next = |fact: &&Fact| !follows(fact, &unsaid, &waiting);
        // Facts that claim to have led to each other are wrong, and shown nevertheless.
        let next = waiting.iter().position(is_next).unwrap_or(0);
        steps.push(Step::from(waiting.remove(next)));
    }
    steps
}

fn follows(fact: &Fact, unsaid: &BTreeSet<Uuid>, waiting: &[&Fact]) -> bool {
    let caused = fact.causation.is_some_and(|cause| cause != fact.id && unsaid.contains(&cause));
    caused
        || waiting
            .iter()
            .any(|other| other.producer == fact.producer && other.version < fact.version)
}
