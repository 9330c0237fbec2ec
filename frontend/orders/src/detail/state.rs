//! One order, as it changes, and what is done to it.

use std::rc::Rc;

use json_kit::FromJson;
use ui_kit::i18n::Text;
use ui_kit::time::millis;
use ui_kit::{Answer, Failure, Locale, Money, Remote};
use yew::Reducible;

#[macro_export]
macro_rules! order_fields {
    () => {
        " { status reason total { minor currency } placedAt confirmedAt cancelledAt cancellableUntil degraded
        moneyState stockState movements { kind amount { minor currency } reason at method { kind brand last4 } }
        events { kind at } short { productId available }
        lines { productId name { en ko } quantity total { minor currency } product { slug picture } }
        shipTo { name address { street city postalCode country } } } "
    };
}

pub(super) const DOCUMENT: &str =
    concat!("query Order($id: ID!) { order(id: $id)", order_fields!(), "}");
pub(super) const UPDATES: &str =
    concat!("subscription Order($id: ID!) { order: orderUpdated(id: $id)", order_fields!(), "}");
pub(super) const CANCEL: &str =
    concat!("mutation Cancel($id: ID!) { order: cancel(order: $id)", order_fields!(), "}");
pub(super) const BUY_AGAIN: &str =
    "mutation BuyAgain($id: ID!) { buyAgain(order: $id) { cart { count } leftOut } }";

/// The answer to the question, to a cancellation, and each update.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    order: Option<Order>,
}

/// The answer to buying again.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Bought {
    pub(super) buy_again: Again,
}
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Again {
    pub(super) cart: Cart,
    /// Products that are not sold any more.
    pub(super) left_out: Vec<String>,
}
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Cart {
    pub(super) count: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, FromJson)]
pub(crate) enum Status {
    Provisional,
    Confirmed,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Order {
    pub(super) status: Status,
    pub(super) reason: Option<String>,
    pub(super) total: Money,
    pub(super) placed_at: String,
    confirmed_at: Option<String>,
    cancelled_at: Option<String>,
    cancellable_until: Option<String>,
    pub(super) degraded: bool,
    money_state: Option<String>,
    stock_state: Option<String>,
    pub(super) movements: Vec<Movement>,
    events: Vec<Event>,
    short: Vec<Short>,
    pub(super) lines: Vec<Line>,
    pub(super) ship_to: Option<ShipTo>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Movement {
    pub(super) kind: MovementKind,
    pub(super) amount: Money,
    reason: Option<String>,
    pub(super) at: String,
    pub(super) method: Option<Method>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Event {
    kind: String,
    at: String,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Short {
    product_id: String,
    available: u32,
}

impl Movement {
    /// Why a charge failed, as a text key; none where the shopper need not know more.
    pub(super) fn why(&self) -> Option<&'static str> {
        Some(match self.reason.as_deref()? {
            "declined" => "money.declined",
            "insufficient-funds" => "money.insufficient",
            "credit-limit-exceeded" => "money.credit",
            "expired" => "money.expired",
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, FromJson)]
pub(super) enum MovementKind {
    Charge,
    ChargeFailed,
    Refund,
    RefundParked,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Method {
    pub(super) brand: Option<String>,
    pub(super) last4: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Line {
    pub(super) product_id: String,
    pub(super) name: Text,
    pub(super) quantity: u32,
    pub(super) total: Money,
    pub(super) product: Option<Product>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Product {
    pub(super) slug: String,
    pub(super) picture: String,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct ShipTo {
    pub(super) name: String,
    pub(super) address: Address,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Address {
    pub(super) street: String,
    pub(super) city: String,
    pub(super) postal_code: String,
    pub(super) country: String,
}

/// How long after a cancellation something may still be heard of what had not begun.
const LAST_WORDS_MS: i64 = 5 * 60 * 1000;

/// One step: the class of its mark, its text key, and when it ended.
pub(super) type Step<'o> = (&'static str, &'static str, Option<&'o str>);

impl Order {
    /// The steps in the order in which a shopper thinks of them.
    pub(super) fn steps(&self) -> [Step<'_>; 4] {
        let is_cancelled = self.status == Status::Cancelled;
        let waiting = if self.status == Status::Provisional { "now" } else { "todo" };
        let charged = self.movements.iter().rev().map(|movement| movement.at.as_str()).next();
        let money = match self.money_state.as_deref() {
            Some("CHARGED") => ("done", "step.paid", charged),
            Some("FAILED") => ("bad", "step.not.paid", charged),
            Some("REFUNDED") => ("done", "step.refunded", charged),
            Some("REFUND_PARKED") => ("now", "step.refunding", None),
            Some("PENDING") if is_cancelled => (waiting, "step.never.paid", None),
            _ => (waiting, "step.paying", None),
        };
        let moved = self.events.iter().rev().find(|event| event.kind.starts_with("stock."));
        let moved = moved.map(|event| event.at.as_str());
        let stock = match self.stock_state.as_deref() {
            Some("HELD") => ("done", "step.held", moved),
            Some("REJECTED") => ("bad", "step.not.held", moved),
            Some("RELEASED") => ("done", "step.released", moved),
            Some("PENDING") if is_cancelled => (waiting, "step.never.held", None),
            _ => (waiting, "step.holding", None),
        };
        let end = match self.status {
            Status::Provisional => ("todo", "step.confirming", None),
            Status::Confirmed => ("done", "step.confirmed", self.confirmed_at.as_deref()),
            Status::Cancelled => ("bad", "step.cancelled", self.cancelled_at.as_deref()),
        };
        [("done", "step.received", Some(&self.placed_at)), money, stock, end]
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
            // Somebody may cancel it, here or elsewhere.
            Status::Confirmed => self.cancellable_until.as_deref().and_then(millis).unwrap_or(0),
            Status::Cancelled if has(&["CHARGED", "REFUND_PARKED", "HELD"]) => i64::MAX,
            // What had not begun is called off without a word, but for what was just under way.
            Status::Cancelled if has(&["PENDING"]) => {
                let cancelled = self.cancelled_at.as_deref().and_then(millis);
                cancelled.unwrap_or(0).saturating_add(LAST_WORDS_MS)
            }
            Status::Cancelled => 0,
        }
    }

    /// Whether it can be cancelled at a moment, in milliseconds since 1970.
    pub(super) fn can_be_cancelled(&self, now: i64) -> bool {
        self.cancellable_until.as_deref().and_then(millis).is_some_and(|until| now < until)
    }

    /// Whether another card may help: it was the money that did not come, or not in time.
    pub(super) fn can_be_paid_again(&self) -> bool {
        let reason = self.reason.as_deref();
        self.status == Status::Cancelled && matches!(reason, Some("PAYMENT_FAILED" | "TIMED_OUT"))
    }

    /// How much the services have told each other about it.
    pub(super) fn told(&self) -> usize {
        self.events.len()
    }

    /// How many there were of a line that could not be held.
    pub(super) fn short_of(&self, line: &Line) -> Option<u32> {
        let short = self.short.iter().find(|short| short.product_id == line.product_id);
        short.map(|short| short.available)
    }

    /// Names of these products.
    pub(super) fn names(&self, products: &[String], locale: Locale) -> String {
        let lines = self.lines.iter().filter(|line| products.contains(&line.product_id));
        lines.map(|line| line.name.get(locale)).collect::<Vec<_>>().join(", ")
    }

    /// Why it was cancelled, as a text key.
    pub(super) fn why(&self) -> Option<&'static str> {
        Some(match self.reason.as_deref()? {
            "PAYMENT_FAILED" => "why.payment",
            "OUT_OF_STOCK" => "why.stock",
            "TIMED_OUT" => "why.time",
            _ => "why.customer",
        })
    }
}

/// The page. Ready without an order: there is none, or it is not ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) order: Remote<Option<Order>>,
    pub(super) deed: Deed,
    /// Whether updates come at the moment.
    is_live: bool,
    /// Whether an update came since the deed was begun: it is newer than the deed's answer.
    is_overtaken: bool,
}

/// Cancelling or buying again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Deed {
    #[default]
    Idle,
    Cancelling,
    Buying,
    /// The rest was bought again: these products are not sold any more.
    LeftOut(Vec<String>),
    Refused(Failure),
}

impl Deed {
    /// Whether the shop has yet to answer; until then nothing else is done.
    pub(super) fn is_pending(&self) -> bool {
        matches!(self, Self::Cancelling | Self::Buying)
    }
}

/// What happens to the page.
#[derive(Debug)]
pub(super) enum Action {
    Asked,
    Came(Box<Result<Answer<Data>, Failure>>),
    /// An update; one that cannot be read changes nothing.
    Updated(Box<Result<Answer<Data>, Failure>>),
    Interrupted,
    /// One of the deeds was begun.
    Submitted(Deed),
    /// It was done, and left the order like this.
    Done(Box<Answer<Data>>),
    /// The rest was bought again.
    LeftOut(Vec<String>),
    Refused(Failure),
}

impl State {
    /// The state after `action`.
    pub(super) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Asked => self.order = Remote::Loading,
            // An update was quicker, and is newer.
            Action::Came(_) if self.is_live => {}
            Action::Came(answer) => {
                let order =
                    answer.and_then(|answer| answer.field("order", answer.data.order.clone()));
                // Asked again behind the page's back: what it shows is better than a failure.
                if order.is_ok() || self.order.ready().is_none() {
                    self.order = order.into();
                }
            }
            Action::Updated(answer) => {
                if let Ok(Answer { data: Data { order: Some(order) }, .. }) = *answer {
                    self.order = Remote::Ready(Some(order));
                    self.is_live = true;
                    self.is_overtaken = true;
                    // The order tells nothing of what is bought again: that ends by its own answer.
                    if !matches!(self.deed, Deed::Buying | Deed::LeftOut(_)) {
                        self.deed = Deed::Idle;
                    }
                }
            }
            Action::Interrupted => self.is_live = false,
            Action::Submitted(deed) => {
                self.deed = deed;
                self.is_overtaken = false;
            }
            Action::Done(answer) => {
                self.deed = Deed::Idle;
                if let (false, Some(order)) = (self.is_overtaken, answer.data.order) {
                    self.order = Remote::Ready(Some(order));
                }
            }
            Action::LeftOut(products) => self.deed = Deed::LeftOut(products),
            Action::Refused(failure) => self.deed = Deed::Refused(failure),
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
            (Status::Confirmed, ..) => &["step.confirmed"],
            (Status::Cancelled, Some("REFUNDED"), _) => &["step.cancelled", "step.refunded"],
            (Status::Cancelled, ..) => &["step.cancelled"],
            (Status::Provisional, Some("CHARGED"), Some("HELD")) => &["step.paid", "step.held"],
            (Status::Provisional, Some("CHARGED"), _) => &["step.paid"],
            (Status::Provisional, _, Some("HELD")) => &["step.held"],
            (Status::Provisional, ..) => &[],
        }
    }

    /// Whether something may still happen that the page does not hear of.
    pub(super) fn is_deaf(&self) -> bool {
        let order = self.order.ready().and_then(Option::as_ref);
        !self.is_live && order.is_some_and(|order| order.status == Status::Provisional)
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
    use super::{Action, BUY_AGAIN, Bought, CANCEL, DOCUMENT, Data, Deed, State, UPDATES};
    use serde_json::{Value, json};
    use ui_kit::time::millis;
    use ui_kit::{Answer, Failure, Locale, Remote, graphql};

    fn order(status: &str, money: &str, stock: &str) -> Value {
        json!({"status": status, "reason": (status == "CANCELLED").then_some("OUT_OF_STOCK"), "total": {"minor": 1, "currency": "USD"},
            "placedAt": "2026-05-03T10:00:00Z", "confirmedAt": null, "cancelledAt": (status == "CANCELLED").then_some("2026-05-03T10:00:02Z"), "cancellableUntil": null,
            "degraded": false, "moneyState": money, "stockState": stock, "movements": [], "lines": [], "shipTo": null,
            "events": [{"kind": "stock.rejected.v1", "at": "2026-05-03T10:00:01Z"}, {"kind": "order.cancelled.v1", "at": "2026-05-03T10:00:02Z"}],
            "short": [{"productId": "mug", "available": 1}]})
    }

    fn answer(order: &Value) -> Box<Result<Answer<Data>, Failure>> {
        Box::new(graphql::read(&json!({"data": {"order": order}}).to_string()))
    }

    fn marks(state: &State) -> Vec<&'static str> {
        let order = state.order.ready().cloned().flatten().unwrap();
        order.steps().iter().map(|(mark, ..)| *mark).collect()
    }

    #[test]
    fn what_it_asks_hears_and_does_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
        query_check::holds::<Data>(UPDATES);
        query_check::holds::<Data>(CANCEL);
        query_check::holds::<Bought>(BUY_AGAIN);
    }

    #[test]
    fn an_order_is_loading_then_here_or_unknown_or_failed() {
        let state = State::default();
        assert_eq!(state.order, Remote::Loading);

        let unknown = state.clone().after(Action::Came(answer(&Value::Null)));
        let failed = state.clone().after(Action::Came(Box::new(Err(Failure::Offline))));
        let here = state.after(Action::Came(answer(&order("PROVISIONAL", "PENDING", "PENDING"))));

        assert_eq!(unknown.order, Remote::Ready(None));
        assert_eq!(failed.order, Remote::Failed(Failure::Offline));
        assert_eq!(marks(&here), ["done", "now", "now", "todo"]);
    }

    #[test]
    fn what_a_cancellation_came_before_is_not_waited_for() {
        let cancelled =
            State::default().after(Action::Came(answer(&order("CANCELLED", "PENDING", "PENDING"))));

        let order = cancelled.order.ready().cloned().flatten().unwrap();
        let steps = order.steps().map(|(mark, text, _)| (mark, text));
        assert_eq!(steps[1..3], [("todo", "step.never.paid"), ("todo", "step.never.held")]);
    }

    #[test]
    fn an_order_can_be_cancelled_and_is_listened_to_until_its_time_is_over() {
        let mut open = order("CONFIRMED", "CHARGED", "HELD");
        open["cancellableUntil"] = json!("2026-05-03T10:30:00Z");
        let state = State::default().after(Action::Came(answer(&open)));
        let end = millis("2026-05-03T10:30:00Z").unwrap();

        let order = state.order.ready().cloned().flatten().unwrap();
        assert!(order.can_be_cancelled(end - 1));
        assert!(!order.can_be_cancelled(end));
        assert_eq!(state.news_until(), end);
    }

    #[test]
    fn a_refund_is_a_step_of_a_cancelled_order() {
        let state = State::default().after(Action::Updated(answer(&order(
            "CANCELLED",
            "REFUNDED",
            "REJECTED",
        ))));

        assert_eq!(marks(&state), ["done", "done", "bad", "bad"]);
        assert_eq!(state.news(), ["step.cancelled", "step.refunded"]);
        let order = state.order.ready().cloned().flatten().unwrap();
        assert_eq!(order.why(), Some("why.stock"));
        assert_eq!(order.told(), 2);
        assert_eq!(order.steps()[2].2, Some("2026-05-03T10:00:01Z"), "the goods moved then");
    }

    #[test]
    fn what_happened_since_the_cancellation_is_not_taken_back_by_its_answer() {
        let cancelling = State::default().after(Action::Submitted(Deed::Cancelling));
        let late = answer(&order("CANCELLED", "CHARGED", "HELD"));
        let done = || Action::Done(Box::new(late.as_ref().clone().unwrap()));

        let first = cancelling.clone().after(done());
        let overtaken = cancelling
            .after(Action::Updated(answer(&order("CANCELLED", "REFUNDED", "RELEASED"))))
            .after(done());

        assert_eq!((marks(&first)[1], first.deed), ("done", Deed::Idle));
        let order = overtaken.order.ready().cloned().flatten().unwrap();
        assert_eq!(order.money_state.as_deref(), Some("REFUNDED"));
        assert_eq!(overtaken.deed, Deed::Idle);
    }

    #[test]
    fn a_cancellation_is_pending_until_it_is_refused_or_the_order_changed() {
        let pending = State::default().after(Action::Submitted(Deed::Cancelling));
        assert!(pending.deed.is_pending());

        let refused = pending.clone().after(Action::Refused(Failure::Offline));
        let changed =
            pending.after(Action::Updated(answer(&order("CANCELLED", "REFUNDED", "RELEASED"))));

        assert_eq!(refused.deed, Deed::Refused(Failure::Offline));
        assert_eq!(changed.deed, Deed::Idle);
    }

    #[test]
    fn buying_again_is_pending_whatever_becomes_of_the_order_meanwhile() {
        let buying = State::default().after(Action::Submitted(Deed::Buying));
        assert!(buying.deed.is_pending());

        let told = buying.after(Action::Updated(answer(&order("CONFIRMED", "CHARGED", "HELD"))));
        assert!(told.deed.is_pending());

        let refused = told.after(Action::Refused(Failure::Offline));
        assert!(!refused.deed.is_pending());
    }

    #[test]
    fn what_cannot_be_bought_again_is_named() {
        let mut order = order("CONFIRMED", "CHARGED", "HELD");
        order["lines"] = json!([
            {"productId": "mug", "name": {"en": "Mug", "ko": "머그"}, "quantity": 1, "total": {"minor": 1, "currency": "USD"}, "product": null},
            {"productId": "pen", "name": {"en": "Pen", "ko": "펜"}, "quantity": 1, "total": {"minor": 1, "currency": "USD"}, "product": null},
        ]);
        let text =
            json!({"data": {"buyAgain": {"cart": {"count": 1}, "leftOut": ["pen"]}}}).to_string();
        let bought = graphql::read::<Bought>(&text).unwrap().data.buy_again;

        let state = State::default()
            .after(Action::Came(answer(&order)))
            .after(Action::Submitted(Deed::Buying))
            .after(Action::LeftOut(bought.left_out))
            .after(Action::Updated(answer(&order)));

        assert!(!state.deed.is_pending());
        let Deed::LeftOut(products) = &state.deed else { panic!("{:?}", state.deed) };
        let order = state.order.ready().cloned().flatten().unwrap();
        assert_eq!(order.names(products, Locale::Ko), "펜");
    }

    #[test]
    fn an_interrupted_page_says_so_and_keeps_what_it_shows_when_asking_fails() {
        let live = State::default().after(Action::Updated(answer(&order(
            "PROVISIONAL",
            "PENDING",
            "PENDING",
        ))));
        assert!(!live.is_deaf());

        let interrupted = live
            .clone()
            .after(Action::Interrupted)
            .after(Action::Came(Box::new(Err(Failure::Offline))));
        assert!(interrupted.is_deaf());
        assert_eq!(interrupted.order, live.order);

        let asked = interrupted.after(Action::Came(answer(&order("CONFIRMED", "CHARGED", "HELD"))));
        assert!(!asked.is_deaf());
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
