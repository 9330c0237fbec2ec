#![doc = include_str!("../README.md")]

mod header;
mod history;
mod outlet;
mod preferences;
mod routes;
mod visitor;

use js_sys::Array;
use ui_kit::Texts;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Document, HtmlElement};

use header::{Header, HeaderProps};
use routes::Routes;

static TEXTS: Texts =
    Texts { en: include_str!("../i18n/en.txt"), ko: include_str!("../i18n/ko.txt") };

/// Takes the header over from the server's HTML; `routes` are rows of pattern, tag and page.
#[wasm_bindgen]
pub fn mount(root: HtmlElement, routes: &Array) {
    let rows = routes.iter().map(|row| Array::from(&row));
    let rows = rows.map(|row| [0, 1, 2].map(|at| row.get(at).as_string().unwrap_or_default()));
    let routes = Routes::new(rows.collect());
    // Yew adds to what it finds in its root.
    root.set_text_content(None);
    yew::Renderer::<Header>::with_root_and_props(root.into(), HeaderProps { routes }).render();
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
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
