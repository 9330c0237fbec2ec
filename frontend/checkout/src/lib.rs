#![doc = include_str!("../README.md")]

mod cart;
mod goods;
mod pay;
mod placed;
mod signed_out;
mod waiting;

use ui_kit::Texts;
use ui_kit::contract::Props;
use ui_kit::query::path_of;
use yew::prelude::*;

static TEXTS: Texts =
    Texts { en: include_str!("../i18n/en.txt"), ko: include_str!("../i18n/ko.txt") };

ui_kit::fragment!(Checkout);

/// The fragment's root: one page at a time.
#[component]
pub fn Checkout(props: &Props) -> Html {
    let scene = props.scene(&TEXTS);
    let path = path_of(&props.path).trim_end_matches('/');
    match path.strip_prefix("/checkout/placed/") {
        Some(id) => html! { <placed::PlacedPage {scene} key={id.to_owned()} id={id.to_owned()} /> },
        None if path == "/checkout" => html! { <pay::PayPage {scene} /> },
        None => match path.strip_prefix("/checkout/again/") {
            Some(id) => {
                html! { <pay::PayPage {scene} key={id.to_owned()} again={id.to_owned()} /> }
            }
            None => html! { <cart::CartPage {scene} /> },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::TEXTS;
    use crate::pay::form::{CARD, CONTACT};
    use std::path::Path;

    #[test]
    fn both_languages_have_the_same_texts_and_none_is_missing() {
        assert_eq!(TEXTS.one_sided(), Vec::<&str>::new());
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert_eq!(TEXTS.missing_in(&sources).unwrap(), Vec::<String>::new());
        for field in CONTACT.iter().chain(&CARD) {
            for kind in ["field.", "wrong."] {
                let asked = format!(".t(\"{kind}{}\")", field.name());
                assert_eq!(TEXTS.missing(&asked), Vec::<&str>::new());
            }
        }
    }
}
