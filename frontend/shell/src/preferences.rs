//! Language, currency and theme: kept in cookies, so that the server's first HTML has them too.

use ui_kit::{Currency, Locale, Say};
use wasm_bindgen::JsCast as _;
use web_sys::{Event, HtmlSelectElement};
use yew::prelude::*;

use crate::{TEXTS, document, history};

const A_YEAR_S: u32 = 31_536_000;

/// What the shopper chose, or the server guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Preferences {
    pub(crate) locale: Locale,
    pub(crate) currency: Currency,
    theme: String,
}

impl Preferences {
    /// As the server wrote them into the page.
    pub(crate) fn of_page() -> Self {
        let page = document().and_then(|document| document.document_element());
        let read = |name: &str| {
            page.as_ref().and_then(|page| page.get_attribute(name)).unwrap_or_default()
        };
        Self {
            locale: Locale::parse(&read("lang")),
            currency: Currency::parse(&read("data-currency")),
            theme: read("data-theme"),
        }
    }

    /// Into the page, for styles and assistive technology, and into cookies.
    fn keep(&self) {
        let Some(page) = document().and_then(|document| document.document_element()) else {
            return;
        };
        let currency = self.currency.code();
        let all = [
            ("lang", "locale", self.locale.tag()),
            ("data-currency", "currency", currency),
            ("data-theme", "theme", self.theme.as_str()),
        ];
        for (attribute, cookie, value) in all {
            let _ = page.set_attribute(attribute, value);
            set_cookie(&format!("{cookie}={value}; Path=/; Max-Age={A_YEAR_S}; SameSite=Lax"));
        }
    }
}

fn set_cookie(text: &str) {
    if let Some(document) = document() {
        // Through Reflect: web-sys has it on HtmlDocument alone.
        let _ = js_sys::Reflect::set(&document, &"cookie".into(), &text.into());
    }
}

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct MenuProps {
    pub(crate) chosen: Preferences,
    pub(crate) onchange: Callback<Preferences>,
}

/// Three choices behind one button.
#[component]
pub(crate) fn Menu(props: &MenuProps) -> Html {
    let say = Say::new(&TEXTS, props.chosen.locale);
    let choose = |change: fn(&mut Preferences, String)| {
        let (chosen, onchange) = (props.chosen.clone(), props.onchange.clone());
        Callback::from(move |event: Event| {
            let mut chosen = chosen.clone();
            let select = event.target().and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
            let speaks = chosen.locale;
            change(&mut chosen, select.map(|select| select.value()).unwrap_or_default());
            chosen.keep();
            if chosen.locale == speaks {
                onchange.emit(chosen);
            } else {
                // Half of the page's texts are the server's.
                history::reload();
            }
        })
    };
    let languages = [("en", "English"), ("ko", "한국어")];
    let currencies = [("USD", "USD $"), ("KRW", "KRW ₩")];
    let themes = [
        ("auto", say.t("theme.auto")),
        ("light", say.t("theme.light")),
        ("dark", say.t("theme.dark")),
    ];
    html! {
        <details class="preferences">
            <summary class="button quiet">
                { props.chosen.locale.tag().to_ascii_uppercase() }{ " · " }{ props.chosen.currency.code() }
                <span class="visually-hidden">{ [" ", say.t("preferences")].concat() }</span>
            </summary>
            <div class="preferences-panel">
                { select("shell-language", say.t("language"), &languages, props.chosen.locale.tag(), choose(|it, value| it.locale = Locale::parse(&value))) }
                { select("shell-currency", say.t("currency"), &currencies, props.chosen.currency.code(), choose(|it, value| it.currency = Currency::parse(&value))) }
                { select("shell-theme", say.t("theme"), &themes, &props.chosen.theme, choose(|it, value| it.theme = value)) }
            </div>
        </details>
    }
}

fn select(
    id: &'static str,
    label: &str,
    options: &[(&'static str, &str)],
    chosen: &str,
    onchange: Callback<Event>,
) -> Html {
    html! {
        <div class="field">
            <label for={id}>{ label.to_owned() }</label>
            <select {id} {onchange}>
                for (value, text) in options {
                    <option value={*value} selected={*value == chosen}>{ (*text).to_owned() }</option>
                }
            </select>
        </div>
    }
}
