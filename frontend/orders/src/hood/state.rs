//! The saga of an order: every event, and who took it in.

use json_kit::FromJson;
use ui_kit::{Answer, Failure, Remote};

pub(super) const DOCUMENT: &str = "query Hood($id: ID!) { order(id: $id) { silentServices events {
    kind producer at reason traceId takenIn { service attempt } } } }";

/// Lanes of the diagram, from left to right.
pub(super) const LANES: [&str; 5] = ["order", "payment", "catalog", "email", "order-history"];

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    order: Option<Saga>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Saga {
    pub(super) silent_services: Vec<String>,
    pub(super) events: Vec<Event>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Event {
    pub(super) kind: String,
    pub(super) producer: String,
    pub(super) at: String,
    pub(super) reason: Option<String>,
    pub(super) trace_id: Option<String>,
    pub(super) taken_in: Vec<Receipt>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Receipt {
    pub(super) service: String,
    pub(super) attempt: u32,
}

impl Event {
    /// The class of its row: what went well, what went wrong, or neither.
    pub(super) fn class(&self) -> &'static str {
        let is = |word: &str| self.kind.contains(word);
        if is("confirmed") || is("reserved") || is("processed") {
            "event ok"
        } else if is("failed") || is("rejected") || is("cancelled") {
            "event bad"
        } else {
            "event"
        }
    }

    /// The outermost lanes it touches.
    pub(super) fn span(&self) -> Option<(usize, usize)> {
        let takers = self.taken_in.iter().filter_map(|receipt| lane(&receipt.service));
        let mut lanes: Vec<_> = takers.chain(lane(&self.producer)).collect();
        lanes.sort_unstable();
        Some((*lanes.first()?, *lanes.last()?))
    }
}

/// Which lane a service has, from 1.
pub(super) fn lane(service: &str) -> Option<usize> {
    LANES.iter().position(|lane| *lane == service).map(|at| at + 1)
}

/// The state that an answer leads to.
pub(super) fn read(answer: Result<Answer<Data>, Failure>) -> Remote<Saga> {
    answer.and_then(|answer| answer.must("order", answer.data.order.clone())).into()
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT, Data, Event, read};
    use ui_kit::{Failure, Remote, graphql};

    fn event(kind: &str, producer: &str, takers: &[&str]) -> Event {
        let taken_in: Vec<_> =
            takers.iter().map(|it| serde_json::json!({"service": it, "attempt": 1})).collect();
        let event = serde_json::json!({"kind": kind, "producer": producer, "at": "2026-05-03T10:00:00Z",
            "reason": null, "traceId": null, "takenIn": taken_in});
        json_kit::read(&event.to_string()).unwrap()
    }

    #[test]
    fn what_it_asks_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
    }

    #[test]
    fn a_saga_is_here_or_failed() {
        let here =
            graphql::read(r#"{"data": {"order": {"silentServices": ["email"], "events": []}}}"#);

        assert!(matches!(read(here), Remote::Ready(saga) if saga.silent_services == ["email"]));
        assert_eq!(read(Err(Failure::Offline)), Remote::Failed(Failure::Offline));
    }

    #[test]
    fn an_event_spans_from_its_producer_to_its_farthest_taker() {
        assert_eq!(event("order.placed.v1", "order", &["catalog", "payment"]).span(), Some((1, 3)));
        assert_eq!(
            event("stock.reserved.v1", "catalog", &["order", "order-history"]).span(),
            Some((1, 5))
        );
        assert_eq!(event("order.placed.v1", "order", &[]).span(), Some((1, 1)));
    }

    #[test]
    fn good_and_bad_news_look_different() {
        assert_eq!(event("order.confirmed.v1", "order", &[]).class(), "event ok");
        assert_eq!(event("payment.failed.v1", "payment", &[]).class(), "event bad");
        assert_eq!(event("order.placed.v1", "order", &[]).class(), "event");
    }
}
