//! What becomes of an order, as it becomes it.

use std::rc::Rc;

use json_kit::FromJson;
use ui_kit::i18n::Text;
use ui_kit::time::millis;
use ui_kit::{Answer, Failure, Money, Remote};
use yew::Reducible;

#[macro_export]
macro_rules! order_fields {
    () => {
        " { status reason total { minor currency } placedAt confirmedAt cancelledAt moneyState stockState
        short { productId available } lines { productId name { en ko } } } "
    };
}

pub(super) const DOCUMENT: &str =
    concat!("query Placed($id: ID!) { order(id: $id)", order_fields!(), "}");

pub(super) const UPDATES: &str =
    concat!("subscription Placed($id: ID!) { order: orderUpdated(id: $id)", order_fields!(), "}");

/// The answer to the question, and each update.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    order: Option<Order>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Order {
    pub(super) status: Status,
    pub(super) reason: Option<String>,
    pub(super) total: Money,
    pub(super) placed_at: String,
    confirmed_at: Option<String>,
    cancelled_at: Option<String>,
    money_state: Option<String>,
    stock_state: Option<String>,
    short: Vec<Short>,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, FromJson)]
pub(super) enum Status {
    Provisional,
    Confirmed,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Short {
    product_id: String,
    available: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Line {
    product_id: String,
    name: Text,
}

/// How long after a cancellation something may still be heard of what had not begun.
const LAST_WORDS_MS: i64 = 5 * 60 * 1000;

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Done,
    Now,
    Todo,
    Bad,
}

/// One step: text key, progress, and when it ended.
pub(super) type Step<'o> = (&'static str, Progress, Option<&'o str>);

impl Order {
    /// The steps in the order in which a shopper thinks of them.
    pub(super) fn steps(&self) -> [Step<'_>; 4] {
        let is_open = self.status == Status::Provisional;
        let is_cancelled = self.status == Status::Cancelled;
        let waiting = if is_open { Progress::Now } else { Progress::Todo };
        let money = match self.money_state.as_deref() {
            Some("CHARGED") => ("step.paid", Progress::Done),
            Some("FAILED") => ("step.not.paid", Progress::Bad),
            Some("REFUNDED") => ("step.refunded", Progress::Done),
            Some("REFUND_PARKED") => ("step.refunding", Progress::Now),
            Some("PENDING") if is_cancelled => ("step.never.paid", waiting),
            _ => ("step.paying", waiting),
        };
        let stock = match self.stock_state.as_deref() {
            Some("HELD") => ("step.held", Progress::Done),
            Some("REJECTED") => ("step.not.held", Progress::Bad),
            Some("RELEASED") => ("step.released", Progress::Done),
            Some("PENDING") if is_cancelled => ("step.never.held", waiting),
            _ => ("step.holding", waiting),
        };
        let end = match self.status {
            Status::Provisional => ("step.confirming", Progress::Todo, None),
            Status::Confirmed => ("step.confirmed", Progress::Done, self.confirmed_at.as_deref()),
            Status::Cancelled => ("step.cancelled", Progress::Bad, self.cancelled_at.as_deref()),
        };
        [
            ("step.received", Progress::Done, Some(&self.placed_at)),
            (money.0, money.1, None),
            (stock.0, stock.1, None),
            end,
        ]
    }

    /// Until when services may have something to say about it: one that is cancelled has its money
    /// and its goods to give back.
    fn news_until(&self) -> i64 {
        let has = |known: &[&str]| {
            let mut states = [&self.money_state, &self.stock_state].into_iter().flatten();
            states.any(|state| known.contains(&state.as_str()))
        };
        match self.status {
            Status::Provisional => i64::MAX,
            Status::Confirmed => 0,
            Status::Cancelled if has(&["CHARGED", "REFUND_PARKED", "HELD"]) => i64::MAX,
            // What had not begun is called off without a word, but for what was just under way.
            Status::Cancelled if has(&["PENDING"]) => {
                let cancelled = self.cancelled_at.as_deref().and_then(millis);
                cancelled.unwrap_or(0).saturating_add(LAST_WORDS_MS)
            }
            Status::Cancelled => 0,
        }
    }

    /// Whether another card may help: it was the money that did not come, or not in time.
    pub(super) fn can_be_paid_again(&self) -> bool {
        let reason = self.reason.as_deref();
        self.status == Status::Cancelled && matches!(reason, Some("PAYMENT_FAILED" | "TIMED_OUT"))
    }

    /// What could not be held: names and how many there were.
    pub(super) fn short(&self) -> impl Iterator<Item = (&Text, u32)> {
        self.short.iter().filter_map(|short| {
            let line = self.lines.iter().find(|line| line.product_id == short.product_id)?;
            Some((&line.name, short.available))
        })
    }
}

/// The page. Ready without an order: there is none, or not ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) order: Remote<Option<Order>>,
    /// Whether updates come at the moment.
    pub(super) is_live: bool,
}

/// What happens to the page.
#[derive(Debug)]
pub(super) enum Action {
    Asked,
    Came(Result<Answer<Data>, Failure>),
    /// An update; one that cannot be read changes nothing.
    Updated(Result<Answer<Data>, Failure>),
    Interrupted,
}

impl State {
    /// The state after `action`.
    pub(super) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Asked => self.order = Remote::Loading,
            // An update was quicker, and is newer.
            Action::Came(_) if self.is_live => {}
            Action::Came(answer) => {
                let order = answer.and_then(|mut answer| {
                    let order = answer.data.order.take();
                    answer.field("order", order)
                });
                // Asked again behind the page's back: what it shows is better than a failure.
                if order.is_ok() || self.order.ready().is_none() {
                    self.order = order.into();
                }
            }
            Action::Updated(answer) => {
                if let Ok(Answer { data: Data { order: Some(order) }, .. }) = answer {
                    self.order = Remote::Ready(Some(order));
                    self.is_live = true;
                }
            }
            Action::Interrupted => self.is_live = false,
        }
        self
    }

    /// Until when there may be news of it.
    pub(super) fn news_until(&self) -> i64 {
        let order = self.order.ready().and_then(Option::as_ref);
        order.map_or(i64::MAX, Order::news_until)
    }

    /// What is read out when it becomes so, as text keys.
    pub(super) fn news(&self) -> &'static [&'static str] {
        let Some(order) = self.order.ready().and_then(Option::as_ref) else { return &[] };
        let (money, stock) = (order.money_state.as_deref(), order.stock_state.as_deref());
        match (order.status, money, stock) {
            (Status::Confirmed, ..) => &["placed.confirmed"],
            (Status::Cancelled, Some("REFUNDED"), _) => &["placed.cancelled", "step.refunded"],
            (Status::Cancelled, ..) => &["placed.cancelled"],
            (Status::Provisional, Some("CHARGED"), Some("HELD")) => &["step.paid", "step.held"],
            (Status::Provisional, Some("CHARGED"), _) => &["step.paid"],
            (Status::Provisional, _, Some("HELD")) => &["step.held"],
            (Status::Provisional, ..) => &[],
        }
    }

    /// Whether it is not decided yet.
    pub(super) fn is_open(&self) -> bool {
        let order = self.order.ready().and_then(Option::as_ref);
        order.is_none_or(|order| order.status == Status::Provisional)
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, DOCUMENT, Data, Progress, State, UPDATES};
    use serde_json::{Value, json};
    use ui_kit::time::millis;
    use ui_kit::{Answer, Failure, Remote, graphql};

    fn order(status: &str, money: &str, stock: &str) -> Value {
        json!({"status": status, "reason": null, "total": {"minor": 1000, "currency": "USD"}, "placedAt": "2026-05-03T10:00:00Z",
            "confirmedAt": null, "cancelledAt": (status == "CANCELLED").then_some("2026-05-03T10:00:02Z"), "moneyState": money, "stockState": stock,
            "short": [{"productId": "prd_1", "available": 1}],
            "lines": [{"productId": "prd_1", "name": {"en": "Blue mug", "ko": "파란 머그"}}]})
    }

    fn answer(order: &Value) -> Result<Answer<Data>, Failure> {
        graphql::read(&json!({"data": {"order": order}}).to_string())
    }

    fn progress(state: &State) -> Vec<Progress> {
        let order = state.order.ready().cloned().flatten().unwrap();
        order.steps().iter().map(|(_, progress, _)| *progress).collect()
    }

    #[test]
    fn what_it_asks_and_hears_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
        query_check::holds::<Data>(UPDATES);
    }

    #[test]
    fn an_order_is_loading_then_here_or_unknown_or_failed() {
        let state = State::default();
        assert_eq!(state.order, Remote::Loading);

        let unknown = state.clone().after(Action::Came(answer(&Value::Null)));
        let failed = state.clone().after(Action::Came(Err(Failure::Offline)));
        let here = state.after(Action::Came(answer(&order("PROVISIONAL", "PENDING", "PENDING"))));

        assert_eq!(unknown.order, Remote::Ready(None));
        assert_eq!(failed.order, Remote::Failed(Failure::Offline));
        assert_eq!(progress(&here), [Progress::Done, Progress::Now, Progress::Now, Progress::Todo]);
    }

    #[test]
    fn steps_turn_without_a_reload() {
        let state = State::default()
            .after(Action::Came(answer(&order("PROVISIONAL", "PENDING", "PENDING"))))
            .after(Action::Updated(answer(&order("PROVISIONAL", "CHARGED", "PENDING"))));
        assert_eq!(
            progress(&state),
            [Progress::Done, Progress::Done, Progress::Now, Progress::Todo]
        );
        assert!(state.is_open());
        assert_eq!(state.news(), ["step.paid"]);

        let state = state.after(Action::Updated(answer(&order("CONFIRMED", "CHARGED", "HELD"))));

        assert_eq!(progress(&state), [Progress::Done; 4]);
        assert_eq!(state.news(), ["placed.confirmed"]);
        assert!(!state.is_open());
    }

    #[test]
    fn a_declined_card_ends_it_and_says_where() {
        let state = State::default().after(Action::Updated(answer(&order(
            "CANCELLED",
            "FAILED",
            "RELEASED",
        ))));

        assert_eq!(
            progress(&state),
            [Progress::Done, Progress::Bad, Progress::Done, Progress::Bad]
        );
    }

    #[test]
    fn what_a_cancellation_came_before_is_not_waited_for() {
        let state = State::default().after(Action::Updated(answer(&order(
            "CANCELLED",
            "PENDING",
            "PENDING",
        ))));

        let order = state.order.ready().cloned().flatten().unwrap();
        let steps = order.steps().map(|(text, progress, _)| (text, progress));
        assert_eq!(
            steps[1..3],
            [("step.never.paid", Progress::Todo), ("step.never.held", Progress::Todo)]
        );
    }

    #[test]
    fn another_card_is_offered_where_it_may_help() {
        let ended = |status, reason| {
            let mut order = order(status, "FAILED", "RELEASED");
            order["reason"] = json!(reason);
            let state = State::default().after(Action::Updated(answer(&order)));
            state.order.ready().cloned().flatten().unwrap().can_be_paid_again()
        };

        assert!(ended("CANCELLED", "PAYMENT_FAILED") && ended("CANCELLED", "TIMED_OUT"));
        assert!(!ended("CANCELLED", "OUT_OF_STOCK") && !ended("CANCELLED", "BY_CUSTOMER"));
        assert!(!ended("CONFIRMED", "PAYMENT_FAILED"));
    }

    #[test]
    fn what_ran_out_is_named() {
        let state = State::default().after(Action::Updated(answer(&order(
            "CANCELLED",
            "PENDING",
            "REJECTED",
        ))));

        let order = state.order.ready().cloned().flatten().unwrap();
        let short: Vec<_> =
            order.short().map(|(name, left)| (name.get(ui_kit::Locale::En), left)).collect();
        assert_eq!(short, [("Blue mug", 1)]);
    }

    #[test]
    fn an_answer_that_is_older_than_an_update_changes_nothing() {
        let state = State::default()
            .after(Action::Updated(answer(&order("CONFIRMED", "CHARGED", "HELD"))))
            .after(Action::Came(answer(&order("PROVISIONAL", "PENDING", "PENDING"))));

        assert!(!state.is_open());
    }

    #[test]
    fn an_interrupted_page_asks_and_keeps_what_it_shows_when_that_fails() {
        let live = State::default().after(Action::Updated(answer(&order(
            "PROVISIONAL",
            "PENDING",
            "PENDING",
        ))));
        assert!(live.is_live);

        let interrupted =
            live.clone().after(Action::Interrupted).after(Action::Came(Err(Failure::Offline)));
        assert!(!interrupted.is_live);
        assert_eq!(interrupted.order, live.order);

        let asked = interrupted.after(Action::Came(answer(&order("CONFIRMED", "CHARGED", "HELD"))));
        assert!(!asked.is_open());
    }

    #[test]
    fn it_is_listened_for_news_until_there_can_be_none() {
        assert_eq!(State::default().news_until(), i64::MAX);
        let soon = millis("2026-05-03T10:05:02Z").unwrap();

        for (status, money, stock, expected) in [
            ("PROVISIONAL", "CHARGED", "HELD", i64::MAX),
            ("CONFIRMED", "CHARGED", "HELD", 0),
            ("CANCELLED", "CHARGED", "RELEASED", i64::MAX),
            ("CANCELLED", "REFUND_PARKED", "RELEASED", i64::MAX),
            ("CANCELLED", "REFUNDED", "HELD", i64::MAX),
            ("CANCELLED", "PENDING", "RELEASED", soon),
            ("CANCELLED", "REFUNDED", "PENDING", soon),
            ("CANCELLED", "REFUNDED", "RELEASED", 0),
            ("CANCELLED", "FAILED", "REJECTED", 0),
        ] {
            let state = State::default().after(Action::Came(answer(&order(status, money, stock))));

            assert_eq!(state.news_until(), expected, "{status} {money} {stock}");
        }
    }
}
