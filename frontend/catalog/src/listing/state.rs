//! A list that grows page by page.

use std::rc::Rc;

use json_kit::FromJson;
use ui_kit::{Answer, Failure, Remote};
use yew::Reducible;

use crate::card::Card;
use crate::card_fields;
use crate::home::Category;

pub(super) const DOCUMENT: &str = concat!(
    "query List($text: String, $category: String, $min: MinorUnits, $max: MinorUnits, $currency: Currency!,
    $sort: ProductSort!, $after: String) { products(text: $text, category: $category, minPrice: $min, maxPrice: $max,
    currency: $currency, sort: $sort, after: $after) { next items",
    card_fields!(),
    "} categories { slug products name { en ko } } }",
);

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    products: Option<Page>,
    categories: Option<Vec<Category>>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Page {
    items: Vec<Card>,
    next: Option<String>,
}

/// The list as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct List {
    pub(super) goods: Remote<Goods>,
    /// For the filter; kept from search to search.
    pub(super) categories: Vec<Category>,
    /// Which question the page waits for: an answer to an earlier one comes too late.
    asked: u32,
}

/// What came so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Goods {
    pub(super) cards: Vec<Card>,
    /// Where the next page begins; absent at the end.
    pub(super) next: Option<String>,
    pub(super) more: More,
}

/// The button below the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum More {
    Idle,
    Loading,
    Failed,
}

/// What happens to a list.
#[derive(Debug)]
pub(super) enum Action {
    /// Other filters: asked anew, as this question.
    Asked(u32),
    /// The next page was asked for.
    MoreAsked,
    /// An answer to a question.
    Came(u32, Result<Answer<Data>, Failure>),
}

impl List {
    /// The state after `action`.
    pub(super) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Asked(question) => {
                self.asked = question;
                self.goods = Remote::Loading;
            }
            Action::MoreAsked => {
                if let Some(goods) = self.goods.ready_mut() {
                    goods.more = More::Loading;
                }
            }
            Action::Came(question, answer) if question == self.asked => self.take(answer),
            Action::Came(..) => {}
        }
        self
    }

    fn take(&mut self, answer: Result<Answer<Data>, Failure>) {
        let page = answer.and_then(|answer| {
            if let Some(categories) = &answer.data.categories {
                self.categories.clone_from(categories);
            }
            answer.must("products", answer.data.products.clone())
        });
        match (&mut self.goods, page) {
            (Remote::Ready(goods), Ok(page)) => {
                goods.cards.extend(page.items);
                goods.next = page.next;
                goods.more = More::Idle;
            }
            // What is there stays: only the rest did not come.
            (Remote::Ready(goods), Err(_)) => goods.more = More::Failed,
            (goods, page) => {
                *goods = page
                    .map(|Page { items, next }| Goods { cards: items, next, more: More::Idle })
                    .into();
            }
        }
    }
}

impl Reducible for List {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, DOCUMENT, Data, List, More};
    use ui_kit::{Answer, Failure, Remote, graphql};

    fn page(names: &[&str], next: Option<&str>) -> Result<Answer<Data>, Failure> {
        let items: Vec<_> = names
            .iter()
            .map(|name| {
                serde_json::json!({"slug": name, "name": {"en": name, "ko": name}, "picture": name, "prices": [],
                    "stock": {"level": "IN_STOCK", "left": null}})
            })
            .collect();
        let data = serde_json::json!({"data": {"products": {"items": items, "next": next}, "categories": []}});
        graphql::read(&data.to_string())
    }

    fn slugs(list: &List) -> Vec<&str> {
        let cards = list.goods.ready().map(|goods| goods.cards.as_slice()).unwrap_or_default();
        cards.iter().map(|card| card.slug.as_str()).collect()
    }

    #[test]
    fn what_it_asks_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
    }

    #[test]
    fn a_list_is_loading_until_its_answer_comes() {
        let list = List::default().after(Action::Asked(1));
        assert_eq!(list.goods, Remote::Loading);

        let list = list.after(Action::Came(1, page(&["a", "b"], None)));

        assert_eq!(slugs(&list), ["a", "b"]);
    }

    #[test]
    fn a_list_of_nothing_is_ready_and_empty() {
        let list = List::default().after(Action::Asked(1)).after(Action::Came(1, page(&[], None)));

        assert_eq!(list.goods.ready().map(|goods| goods.cards.len()), Some(0));
    }

    #[test]
    fn a_failed_list_can_be_asked_again() {
        let failed =
            List::default().after(Action::Asked(1)).after(Action::Came(1, Err(Failure::Offline)));
        assert_eq!(failed.goods, Remote::Failed(Failure::Offline));

        let again = failed.after(Action::Asked(2)).after(Action::Came(2, page(&["a"], None)));

        assert_eq!(slugs(&again), ["a"]);
    }

    #[test]
    fn the_next_page_comes_after_what_is_there() {
        let list = List::default()
            .after(Action::Asked(1))
            .after(Action::Came(1, page(&["a"], Some("cursor"))))
            .after(Action::MoreAsked);
        assert_eq!(list.goods.ready().map(|goods| goods.more), Some(More::Loading));

        let list = list.after(Action::Came(1, page(&["b"], None)));

        assert_eq!(slugs(&list), ["a", "b"]);
        assert_eq!(list.goods.ready().and_then(|goods| goods.next.as_deref()), None);
    }

    #[test]
    fn a_next_page_that_fails_takes_nothing_away() {
        let list = List::default()
            .after(Action::Asked(1))
            .after(Action::Came(1, page(&["a"], Some("cursor"))))
            .after(Action::MoreAsked)
            .after(Action::Came(1, Err(Failure::Offline)));

        assert_eq!(slugs(&list), ["a"]);
        assert_eq!(list.goods.ready().map(|goods| goods.more), Some(More::Failed));
    }

    #[test]
    fn an_answer_to_an_earlier_question_is_ignored() {
        let list = List::default()
            .after(Action::Asked(1))
            .after(Action::Asked(2))
            .after(Action::Came(2, page(&["new"], None)))
            .after(Action::Came(1, page(&["old"], None)));

        assert_eq!(slugs(&list), ["new"]);
    }
}
