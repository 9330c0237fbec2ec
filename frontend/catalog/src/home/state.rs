//! The parts of the start page, each of which loads or fails alone.

use json_kit::FromJson;
use ui_kit::{Answer, Failure, Remote};

use super::Category;
use crate::card::Card;
use crate::card_fields;

pub(super) const DOCUMENT: &str = concat!(
    "query Home($recent: [ID!]!) { categories { slug products name { en ko } } popular: products(sort: POPULAR, limit: 8) { items",
    card_fields!(),
    "} new: products(sort: NEWEST, limit: 8) { items",
    card_fields!(),
    "} productsById(ids: $recent)",
    card_fields!(),
    "}",
);

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    categories: Option<Vec<Category>>,
    popular: Option<Cards>,
    new: Option<Cards>,
    products_by_id: Option<Vec<Card>>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Cards {
    items: Vec<Card>,
}

/// What is known of each part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sections {
    pub(super) categories: Remote<Vec<Category>>,
    pub(super) popular: Remote<Vec<Card>>,
    pub(super) new: Remote<Vec<Card>>,
    pub(super) recent: Remote<Vec<Card>>,
}

impl From<Result<Answer<Data>, Failure>> for Sections {
    fn from(answer: Result<Answer<Data>, Failure>) -> Self {
        let answer = match answer {
            Ok(answer) => answer,
            Err(failure) => {
                return Self {
                    categories: Remote::Failed(failure.clone()),
                    popular: Remote::Failed(failure.clone()),
                    new: Remote::Failed(failure.clone()),
                    recent: Remote::Failed(failure),
                };
            }
        };
        let data = answer.data.clone();
        let items = |cards: Cards| cards.items;
        Self {
            categories: answer.must("categories", data.categories).into(),
            popular: answer.must("popular", data.popular).map(items).into(),
            new: answer.must("new", data.new).map(items).into(),
            recent: answer.must("productsById", data.products_by_id).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT, Data, Sections};
    use ui_kit::{Failure, Remote, graphql};

    const MUG: &str = r#"{"slug": "blue-mug", "name": {"en": "Blue mug", "ko": "파란 머그"}, "picture": "blue-mug",
        "prices": [{"minor": 1800, "currency": "USD"}], "stock": {"level": "FEW_LEFT", "left": 2}}"#;

    fn sections(popular: &str, new: &str, errors: &str) -> Sections {
        let text = format!(
            r#"{{"data": {{"categories": [], "popular": {popular}, "new": {new}, "productsById": []}}, "errors": {errors}}}"#
        );
        graphql::read::<Data>(&text).into()
    }

    #[test]
    fn what_it_asks_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
    }

    #[test]
    fn at_first_every_part_is_loading() {
        assert_eq!(Sections::default().popular, Remote::Loading);
    }

    #[test]
    fn what_comes_is_shown_and_nothing_is_empty() {
        let shown = sections(&format!(r#"{{"items": [{MUG}]}}"#), r#"{"items": []}"#, "[]");

        assert_eq!(shown.popular.ready().map(Vec::len), Some(1));
        assert_eq!(shown.new.ready().map(Vec::len), Some(0));
    }

    #[test]
    fn a_part_that_fails_leaves_the_others_standing() {
        let errors =
            r#"[{"message": "away", "path": ["popular"], "extensions": {"code": "unavailable"}}]"#;

        let shown = sections("null", r#"{"items": []}"#, errors);

        assert!(
            matches!(&shown.popular, Remote::Failed(failure) if failure.code() == Some("unavailable"))
        );
        assert_eq!(shown.categories, Remote::Ready(Vec::new()));
    }

    #[test]
    fn without_a_network_every_part_says_so() {
        let shown = Sections::from(Err(Failure::Offline));

        assert_eq!(shown.categories, Remote::Failed(Failure::Offline));
        assert_eq!(shown.recent, Remote::Failed(Failure::Offline));
    }
}
