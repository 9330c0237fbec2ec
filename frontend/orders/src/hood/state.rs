//! The saga of an order: every event, and who took it in.

use std::rc::Rc;

use json_kit::FromJson;
use ui_kit::time::millis;
use ui_kit::{Answer, Failure, Remote};
use yew::Reducible;

pub(super) const DOCUMENT: &str = "query Hood($id: ID!) { order(id: $id) { silentServices events {
    kind producer at reason traceId takenIn { service attempt receivedAt committedAt } } } }";

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
    received_at: String,
    committed_at: String,
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

impl Receipt {
    /// How long it was worked on, in milliseconds.
    pub(super) fn took(&self) -> Option<i64> {
        between(&self.received_at, &self.committed_at)
    }
}

impl Saga {
    /// How long after the first event of all another one happened, in milliseconds.
    pub(super) fn since(&self, event: &Event) -> Option<i64> {
        between(&self.events.first()?.at, &event.at)
    }
}

/// The milliseconds from one moment to another; 0 where two clocks do not agree which came first.
fn between(from: &str, to: &str) -> Option<i64> {
    Some((millis(to)? - millis(from)?).max(0))
}

/// Which lane a service has, from 1.
pub(super) fn lane(service: &str) -> Option<usize> {
    LANES.iter().position(|lane| *lane == service).map(|at| at + 1)
}

/// What is shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct State(pub(super) Remote<Saga>);

impl Reducible for State {
    type Action = Result<Answer<Data>, Failure>;

    /// A diagram that is there is not taken away by a failure to ask for it again.
    fn reduce(self: Rc<Self>, answer: Self::Action) -> Rc<Self> {
        let came = answer.and_then(|answer| answer.must("order", answer.data.order.clone()));
        if came.is_err() && self.0.ready().is_some() { self } else { Rc::new(Self(came.into())) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{DOCUMENT, Data, Event, Receipt, Saga, State, between};
    use std::rc::Rc;
    use ui_kit::{Failure, Remote, graphql};
    use yew::Reducible as _;

    pub(in crate::hood) fn event(kind: &str, producer: &str, takers: &[&str]) -> Event {
        let taken_in: Vec<_> =
            takers.iter().map(|it| serde_json::json!({"service": it, "attempt": 1,
                "receivedAt": "2026-05-03T10:00:00.100Z", "committedAt": "2026-05-03T10:00:00.112Z"})).collect();
        let event = serde_json::json!({"kind": kind, "producer": producer, "at": "2026-05-03T10:00:00Z",
            "reason": null, "traceId": null, "takenIn": taken_in});
        json_kit::read(&event.to_string()).unwrap()
    }

    #[test]
    fn what_it_asks_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
    }

    #[test]
    fn a_saga_is_here_or_failed_and_stays_when_it_is_asked_for_again() {
        let answer =
            graphql::read(r#"{"data": {"order": {"silentServices": ["email"], "events": []}}}"#);

        let failed = Rc::new(State::default()).reduce(Err(Failure::Offline));
        let here = failed.clone().reduce(answer);
        let still = here.clone().reduce(Err(Failure::Offline));

        assert_eq!(failed.0, Remote::Failed(Failure::Offline));
        assert_eq!(here.0.ready().unwrap().silent_services, ["email"]);
        assert_eq!(still, here);
    }

    #[test]
    fn durations_are_told_to_the_millisecond() {
        let at = |time: &str| ["2026-05-03T", time].concat();
        for (from, to, took) in [
            ("10:00:00Z", "10:00:00.012Z", 12),
            ("10:00:00.998765Z", "10:00:01.001Z", 3),
            ("10:00:00.5Z", "10:00:00.498Z", 0),
        ] {
            assert_eq!(between(&at(from), &at(to)), Some(took), "{from}");
        }
        assert_eq!(between(&at("23:59:59.5Z"), "2026-05-06T00:00:00Z"), Some(2 * 86_400_000 + 500));
        assert_eq!(between("yesterday", &at("10:00:00Z")), None);

        let event = event("order.placed.v1", "order", &["payment"]);
        assert_eq!(event.taken_in.first().and_then(Receipt::took), Some(12));
        let saga = Saga { silent_services: Vec::new(), events: vec![event.clone()] };
        assert_eq!(saga.since(&event), Some(0));
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
