#![doc = include_str!("../README.md")]

mod detail;
mod hood;
mod list;

use ui_kit::Texts;
use ui_kit::contract::Props;
use ui_kit::query::path_of;
use yew::prelude::*;

static TEXTS: Texts =
    Texts { en: include_str!("../i18n/en.txt"), ko: include_str!("../i18n/ko.txt") };

ui_kit::fragment!(Orders);

/// The fragment's root: one page at a time.
#[component]
pub fn Orders(props: &Props) -> Html {
    let scene = props.scene(&TEXTS);
    match path_of(&props.path).trim_end_matches('/').strip_prefix("/orders/") {
        Some(id) => html! { <detail::DetailPage {scene} key={id.to_owned()} id={id.to_owned()} /> },
        None => html! { <list::ListPage {scene} status={list::state::status_of(&props.path)} /> },
    }
}

#[cfg(test)]
mod tests {
    use super::TEXTS;
    use std::path::Path;

    #[test]
    fn both_languages_have_the_same_texts_and_none_is_missing() {
        assert_eq!(TEXTS.one_sided(), Vec::<&str>::new());
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert_eq!(TEXTS.missing_in(&sources).unwrap(), Vec::<String>::new());
    }
}
