//! A list of orders that grows page by page.

use std::rc::Rc;

use json_kit::FromJson;
use ui_kit::query::value_of;
use ui_kit::{Answer, Failure, Money, Remote};
use yew::Reducible;

use crate::detail::state::Status;

pub(super) const DOCUMENT: &str = "query Orders($status: OrderStatus, $after: String) {
    orders(status: $status, after: $after, limit: 10) { next items { id status total { minor currency } placedAt
    lines { quantity product { picture } } } } }";

/// As the schema names them.
pub(super) const FILTERS: [&str; 3] = ["PROVISIONAL", "CONFIRMED", "CANCELLED"];

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    orders: Option<Page>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Page {
    pub(super) items: Vec<Order>,
    pub(super) next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) total: Money,
    pub(super) placed_at: String,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Line {
    quantity: u32,
    product: Option<Picture>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Picture {
    picture: String,
}

impl Order {
    /// Pictures of its lines, below `/pictures`.
    pub(super) fn pictures(&self) -> impl Iterator<Item = String> {
        let known = self.lines.iter().filter_map(|line| line.product.as_ref());
        known.map(|product| ["products/", &product.picture].concat())
    }

    /// How many pieces it has.
    pub(super) fn pieces(&self) -> usize {
        let pieces: u32 = self.lines.iter().map(|line| line.quantity).sum();
        usize::try_from(pieces).unwrap_or_default()
    }
}

/// The status that an address asks for, if it is one.
pub(crate) fn status_of(address: &str) -> Option<String> {
    value_of(address, "status").filter(|status| FILTERS.contains(&status.as_str()))
}

/// The page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) page: Remote<Page>,
    /// Whether the next page is on its way.
    pub(super) is_growing: bool,
    asked: u32,
}

/// What happens to the page.
#[derive(Debug)]
pub(super) enum Action {
    /// Asked anew, as this question.
    Asked(u32),
    MoreAsked,
    Came(u32, Result<Answer<Data>, Failure>),
}

impl State {
    /// The state after `action`.
    pub(super) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Asked(question) => {
                self = Self { asked: question, ..Self::default() };
            }
            Action::MoreAsked => self.is_growing = true,
            Action::Came(question, answer) if question == self.asked => {
                let page =
                    answer.and_then(|answer| answer.must("orders", answer.data.orders.clone()));
                self.take(page);
            }
            // An answer to an earlier question.
            Action::Came(..) => {}
        }
        self
    }

    fn take(&mut self, came: Result<Page, Failure>) {
        self.is_growing = false;
        match (&mut self.page, came) {
            (Remote::Ready(page), Ok(more)) => {
                page.items.extend(more.items);
                page.next = more.next;
            }
            // What is there stays; the button is there for another try.
            (Remote::Ready(_), Err(_)) => {}
            (page, came) => *page = came.into(),
        }
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
    use super::{Action, DOCUMENT, Data, State, status_of};
    use serde_json::json;
    use ui_kit::{Answer, Failure, Remote, graphql};

    fn page(ids: &[&str], next: Option<&str>) -> Result<Answer<Data>, Failure> {
        let items: Vec<_> = ids
            .iter()
            .map(|id| {
                json!({"id": id, "status": "CONFIRMED", "total": {"minor": 1, "currency": "USD"},
                    "placedAt": "2026-05-03T10:00:00Z", "lines": [{"quantity": 2, "product": null}]})
            })
            .collect();
        graphql::read(&json!({"data": {"orders": {"items": items, "next": next}}}).to_string())
    }

    fn ids(state: &State) -> Vec<&str> {
        let items = state.page.ready().map(|page| page.items.as_slice()).unwrap_or_default();
        items.iter().map(|order| order.id.as_str()).collect()
    }

    #[test]
    fn what_it_asks_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
    }

    #[test]
    fn a_list_is_loading_then_here_and_may_be_empty_or_failed() {
        let asked = State::default().after(Action::Asked(1));
        assert_eq!(asked.page, Remote::Loading);

        assert_eq!(ids(&asked.clone().after(Action::Came(1, page(&["a"], None)))), ["a"]);
        let empty = asked.clone().after(Action::Came(1, page(&[], None)));
        assert_eq!(empty.page.ready().map(|page| page.items.len()), Some(0));
        let failed = asked.after(Action::Came(1, Err(Failure::Offline)));
        assert_eq!(failed.page, Remote::Failed(Failure::Offline));
    }

    #[test]
    fn the_next_page_comes_after_what_is_there_and_its_failure_takes_nothing_away() {
        let first = State::default()
            .after(Action::Asked(1))
            .after(Action::Came(1, page(&["a"], Some("next"))))
            .after(Action::MoreAsked);
        assert!(first.is_growing);

        let failed = first.clone().after(Action::Came(1, Err(Failure::Offline)));
        let grown = first.after(Action::Came(1, page(&["b"], None)));

        assert_eq!((ids(&failed), failed.is_growing), (vec!["a"], false));
        assert_eq!(ids(&grown), ["a", "b"]);
    }

    #[test]
    fn an_answer_to_another_filter_comes_too_late() {
        let state = State::default()
            .after(Action::Asked(1))
            .after(Action::Asked(2))
            .after(Action::Came(1, page(&["old"], None)));

        assert_eq!(state.page, Remote::Loading);
    }

    #[test]
    fn an_address_names_a_status_that_exists() {
        assert_eq!(status_of("/orders?status=CONFIRMED").as_deref(), Some("CONFIRMED"));
        assert_eq!(status_of("/orders?status=LOST"), None);
    }
}
