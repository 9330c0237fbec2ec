#![doc = include_str!("../README.md")]

mod card;
mod home;
mod listing;
mod product;
mod recent;
mod route;

use ui_kit::Texts;
use ui_kit::contract::Props;
use yew::prelude::*;

use route::Page;

static TEXTS: Texts =
    Texts { en: include_str!("../i18n/en.txt"), ko: include_str!("../i18n/ko.txt") };

ui_kit::fragment!(Catalog);

/// The fragment's root: one page at a time.
#[component]
pub fn Catalog(props: &Props) -> Html {
    let scene = props.scene(&TEXTS);
    match Page::of(&props.path) {
        Page::Home => html! { <home::Home {scene} /> },
        Page::Listing(filters) => html! { <listing::Listing {scene} {filters} /> },
        // A key of its own: another product is another page, not the same one with other words.
        Page::Product(slug) => {
            html! { <product::Product {scene} key={slug.as_str()} slug={slug.clone()} /> }
        }
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
