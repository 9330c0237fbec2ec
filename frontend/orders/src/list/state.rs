//! A list of orders that grows page by page.

use std::rc::Rc;

use json_kit::FromJson;
use ui_kit::query::value_of;
use ui_kit::{Answer, Failure, Money, Remote};
use yew::Reducible;

use crate::detail::state::Status;

pub(super) const DOCUMENT: &str = "query Orders($status: OrderStatus, $after: String, $limit: Int!) {
    orders(status: $status, after: $after, limit: $limit) { degraded next items { id status total { minor currency }
    placedAt lines { quantity product { picture } } } } }";

/// Orders that come at once.
pub(super) const STRETCH: u32 = 10;
/// As many as the shop tells at once: of longer lists the rows stand still.
const MOST: u32 = 50;
/// After how long a list with an order that is not decided is looked at again.
const LOOK_SOON_MS: i32 = 2_000;
/// After how long any other is.
const LOOK_NOW_AND_THEN_MS: i32 = 15_000;

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
    /// Whether it comes from those who know no lines, because the read model is away.
    pub(super) degraded: bool,
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

    /// How many pieces it has; unknown while its lines are.
    pub(super) fn pieces(&self) -> Option<usize> {
        let pieces: u32 = self.lines.iter().map(|line| line.quantity).sum();
        usize::try_from(pieces).ok().filter(|pieces| *pieces > 0)
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
    /// How often it was looked at again.
    pub(super) looks: u32,
}

/// What happens to the page.
#[derive(Debug)]
pub(super) enum Action {
    /// Asked anew, as this question.
    Asked(u32),
    MoreAsked,
    Came(u32, Result<Answer<Data>, Failure>),
    /// What is shown was asked for again, as this question, and as so many orders.
    Looked(u32, u32, Result<Answer<Data>, Failure>),
}

impl State {
    /// How many to ask for again, and after how many milliseconds: soon where one is not decided yet, and now and then
    /// for those that are placed elsewhere.
    pub(super) fn next_look(&self) -> Option<(u32, i32)> {
        let items = &self.page.ready()?.items;
        let is_open = items.iter().any(|order| order.status == Status::Provisional);
        let shown = u32::try_from(items.len()).ok()?;
        let wait = if is_open { LOOK_SOON_MS } else { LOOK_NOW_AND_THEN_MS };
        (shown <= MOST).then(|| (shown.max(STRETCH), wait))
    }

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
            Action::Looked(question, limit, answer) if question == self.asked => {
                self.looks += 1;
                let page =
                    answer.and_then(|answer| answer.must("orders", answer.data.orders.clone()));
                // More may have come meanwhile, or be on its way; the next look has them all.
                // Fewer than are shown are an answer: under a filter, what is decided leaves it.
                if let (Ok(page), Some(shown), false) =
                    (page, self.page.ready_mut(), self.is_growing)
                    && usize::try_from(limit).is_ok_and(|limit| limit >= shown.items.len())
                {
                    *shown = page;
                }
            }
            // An answer to an earlier question.
            Action::Came(..) | Action::Looked(..) => {}
        }
        self
    }

    fn take(&mut self, came: Result<Page, Failure>) {
        self.is_growing = false;
        match (&mut self.page, came) {
            (Remote::Ready(page), Ok(more)) => {
                page.items.extend(more.items);
                page.next = more.next;
                page.degraded |= more.degraded;
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
    use super::{Action, DOCUMENT, Data, LOOK_NOW_AND_THEN_MS, LOOK_SOON_MS, State, status_of};
    use serde_json::json;
    use ui_kit::{Answer, Failure, Remote, graphql};

    fn page(ids: &[&str], next: Option<&str>) -> Result<Answer<Data>, Failure> {
        page_of("CONFIRMED", ids, next)
    }

    fn page_of(status: &str, ids: &[&str], next: Option<&str>) -> Result<Answer<Data>, Failure> {
        let items: Vec<_> = ids
            .iter()
            .map(|id| {
                json!({"id": id, "status": status, "total": {"minor": 1, "currency": "USD"},
                    "placedAt": "2026-05-03T10:00:00Z", "lines": [{"quantity": 2, "product": null}]})
            })
            .collect();
        graphql::read(
            &json!({"data": {"orders": {"items": items, "next": next, "degraded": false}}})
                .to_string(),
        )
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
    fn rows_follow_their_orders_closely_until_all_are_decided() {
        let open = State::default()
            .after(Action::Asked(1))
            .after(Action::Came(1, page_of("PROVISIONAL", &["a", "b"], Some("next"))));
        assert_eq!(open.next_look(), Some((super::STRETCH, LOOK_SOON_MS)));

        let lost = open.clone().after(Action::Looked(1, 10, Err(Failure::Offline)));
        let looked = open.after(Action::Looked(1, 10, page(&["a", "b"], None)));

        assert_eq!((ids(&lost), lost.looks), (vec!["a", "b"], 1));
        assert!(lost.next_look().is_some(), "it is looked at again");
        assert_eq!(ids(&looked), ["a", "b"]);
        assert_eq!(looked.next_look(), Some((super::STRETCH, LOOK_NOW_AND_THEN_MS)));
    }

    #[test]
    fn an_order_placed_elsewhere_joins_a_list_that_was_empty() {
        let empty =
            State::default().after(Action::Asked(1)).after(Action::Came(1, page(&[], None)));
        assert_eq!(empty.next_look(), Some((super::STRETCH, LOOK_NOW_AND_THEN_MS)));

        let joined = empty.after(Action::Looked(1, 10, page_of("PROVISIONAL", &["a"], None)));

        assert_eq!(ids(&joined), ["a"]);
    }

    #[test]
    fn a_look_that_is_older_than_the_next_page_takes_nothing_away() {
        let growing = State::default()
            .after(Action::Asked(1))
            .after(Action::Came(1, page_of("PROVISIONAL", &["a"], Some("next"))))
            .after(Action::MoreAsked);
        let looked = growing.clone().after(Action::Looked(1, 1, page(&["z"], Some("other"))));
        assert_eq!(ids(&looked), ["a"], "what comes next would follow another row");

        let grown = growing.after(Action::Came(1, page(&["b"], None)));
        let looked = grown.after(Action::Looked(1, 1, page(&["a"], Some("next"))));

        assert_eq!(ids(&looked), ["a", "b"]);
    }

    #[test]
    fn an_order_that_is_decided_leaves_a_list_of_those_that_are_not() {
        let open = State::default()
            .after(Action::Asked(1))
            .after(Action::Came(1, page_of("PROVISIONAL", &["a", "b"], None)));

        let fewer = open.after(Action::Looked(1, 10, page_of("PROVISIONAL", &["b"], None)));
        assert_eq!(ids(&fewer), ["b"]);
        let none = fewer.after(Action::Looked(1, 10, page(&[], None)));

        assert_eq!(ids(&none), Vec::<&str>::new());
    }

    #[test]
    fn without_lines_nobody_counts_pieces() {
        let mut degraded = page(&["a"], None).unwrap();
        let page = degraded.data.orders.as_mut().unwrap();
        assert_eq!(page.items[0].pieces(), Some(2));

        page.items[0].lines.clear();

        assert_eq!(page.items[0].pieces(), None);
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
