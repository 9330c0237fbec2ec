//! Who is here and how much is in the cart: all that the header asks for.

use std::rc::Rc;

use js_sys::Reflect;
use ui_kit::graphql;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use yew::Reducible;

const DOCUMENT: &str = "{ cart { count } me { name } }";

/// What the header shows of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub(crate) pieces: Option<usize>,
    pub(crate) name: Option<String>,
    /// How often the cart was told since the page was opened.
    told: u32,
}

/// What was found out about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum News {
    /// The cart has so many pieces now.
    Cart(Option<usize>),
    /// The answer to a question that was asked when the cart had been told so often.
    Answer { asked_at: u32, pieces: Option<usize>, name: Name },
}

/// Who is here, as far as it could be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    /// A customer, or nobody who is signed in.
    Is(Option<String>),
    /// Nobody could say.
    Unknown,
}

impl Visitor {
    /// When a question is asked now.
    pub(crate) fn told(&self) -> u32 {
        self.told
    }
}

impl Reducible for Visitor {
    type Action = News;

    fn reduce(self: Rc<Self>, news: News) -> Rc<Self> {
        let mut visitor = Rc::unwrap_or_clone(self);
        match news {
            News::Cart(pieces) => {
                visitor.pieces = pieces;
                visitor.told += 1;
            }
            News::Answer { asked_at, pieces, name } => {
                // What was told since is newer; and an old number is better than none.
                if asked_at == visitor.told && pieces.is_some() {
                    visitor.pieces = pieces;
                }
                if let Name::Is(name) = name {
                    visitor.name = name;
                }
            }
        }
        Rc::new(visitor)
    }
}

/// Asks; a header without a number is better than one that waits.
pub(crate) async fn ask(asked_at: u32) -> News {
    let unknown = News::Answer { asked_at, pieces: None, name: Name::Unknown };
    let body = format!(r#"{{"query":"{DOCUMENT}"}}"#);
    let Ok(response) = graphql::post(&body).await else { return unknown };
    // Read by the browser: a JSON parser of our own would cost more than all of the header.
    let answer = match response.json() {
        Ok(reading) => JsFuture::from(reading).await.unwrap_or(JsValue::NULL),
        Err(_) => JsValue::NULL,
    };
    let name = at(&answer, &["data", "me", "name"]).as_string();
    let why_not = at(&answer, &["errors", "0", "extensions", "code"]).as_string();
    let is_told = at(&answer, &["data"]).is_object() && why_not.as_deref() != Some("unavailable");
    News::Answer {
        asked_at,
        pieces: whole(&at(&answer, &["data", "cart", "count"])),
        name: if name.is_some() || is_told { Name::Is(name) } else { Name::Unknown },
    }
}

/// A count as JavaScript has it.
pub(crate) fn whole(value: &JsValue) -> Option<usize> {
    // A count of pieces is far below 2^53; a cast cuts what is no count to 0.
    value.as_f64().map(|number| number as usize)
}

fn at(value: &JsValue, path: &[&str]) -> JsValue {
    let mut value = value.clone();
    for name in path {
        value = Reflect::get(&value, &(*name).into()).unwrap_or(JsValue::NULL);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT, Name, News, Visitor};
    use json_kit::FromJson;
    use std::rc::Rc;
    use yew::Reducible as _;

    #[derive(FromJson)]
    #[expect(dead_code, reason = "only read into")]
    struct Data {
        cart: Option<Cart>,
        me: Option<Me>,
    }

    #[derive(FromJson)]
    #[expect(dead_code, reason = "only read into")]
    struct Cart {
        count: u32,
    }

    #[derive(FromJson)]
    #[expect(dead_code, reason = "only read into")]
    struct Me {
        name: String,
    }

    #[test]
    fn what_the_header_asks_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
    }

    fn ada() -> Rc<Visitor> {
        let name = Name::Is(Some("Ada".to_owned()));
        Rc::new(Visitor::default()).reduce(News::Answer { asked_at: 0, pieces: Some(1), name })
    }

    #[test]
    fn an_answer_that_is_older_than_what_the_cart_told_does_not_take_it_back() {
        let asked_at = ada().told();

        let late = ada().reduce(News::Cart(Some(2))).reduce(News::Answer {
            asked_at,
            pieces: Some(1),
            name: Name::Is(None),
        });

        assert_eq!((late.pieces, late.name.as_deref()), (Some(2), None));
    }

    #[test]
    fn a_question_that_nobody_answers_signs_nobody_out() {
        let still = ada().reduce(News::Answer { asked_at: 0, pieces: None, name: Name::Unknown });

        assert_eq!(still, ada());
    }
}
