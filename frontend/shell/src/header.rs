//! The header, and what it hears of the page.

use ui_kit::event::{self, Listener, detail, use_document_event};
use ui_kit::view::icon;
use ui_kit::{Locale, Say, query};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::outlet::{self, Wanted};
use crate::preferences::{Menu, Preferences};
use crate::routes::Routes;
use crate::visitor::{self, News, Visitor};
use crate::{TEXTS, document, history};

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct HeaderProps {
    pub(crate) routes: Routes,
}

/// The shell's only root.
#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    let preferences = use_state(Preferences::of_page);
    let address = use_state(history::address);
    let visitor = use_visitor();
    use_navigation(&props.routes, &address, preferences.locale);
    use_page_events();

    let shown = (props.routes.clone(), (*address).clone(), (*preferences).clone());
    use_effect_with(shown, |(routes, address, preferences)| show(routes, address, preferences));

    let say = Say::new(&TEXTS, preferences.locale);
    let page = props.routes.find(query::path_of(&address)).map(|route| route.page.as_str());
    let link = |href: &'static str, drawn, pages: &[&str], text: &str| {
        let current = page.is_some_and(|page| pages.contains(&page)).then_some("page");
        html! { <a {href} aria-current={current}>{ icon(drawn) }{ text.to_owned() }</a> }
    };
    let account = visitor.name.clone().unwrap_or_else(|| say.t("sign-in").to_owned());
    let pieces = visitor.pieces.unwrap_or_default();
    let onchange = {
        let preferences = preferences.clone();
        Callback::from(move |chosen| preferences.set(chosen))
    };
    html! {
        <div class="site-header-bar">
            <a class="brand" href="/">{ "Saga Shop" }</a>
            <form class="site-search" role="search" action="/products">
                <input key={query::value_of(&address, "q").unwrap_or_default()} type="search" name="q" autocomplete="off"
                    aria-label={say.t("search")} placeholder={say.t("search")} value={query::value_of(&address, "q")} />
                <button aria-label={say.t("search.go")}>{ icon("search") }</button>
            </form>
            <nav class="site-nav" aria-label={say.t("nav")}>
                { link("/products", "products", &["products", "product"], say.t("products")) }
                { link("/orders", "orders", &["orders", "order", "placed"], say.t("orders")) }
                { link("/account", "account", &["account", "sign-in", "register"], &account) }
                <a class="keep" href="/cart" aria-current={(page == Some("cart")).then_some("page")}>
                    { icon("cart") }{ say.t("cart") }
                    if pieces > 0 { <b class="badge">{ pieces }</b><span class="visually-hidden">{ [" ", &say.count("cart.pieces", pieces)].concat() }</span> }
                </a>
            </nav>
            <div class="tools"><Menu chosen={(*preferences).clone()} {onchange} /></div>
        </div>
    }
}

/// Puts the page's fragment below the header.
fn show(routes: &Routes, address: &str, preferences: &Preferences) {
    // An address that no fragment claims was written by the server, and stays.
    let Some(route) = routes.find(query::path_of(address)) else { return };
    outlet::show(Wanted {
        tag: route.tag.clone(),
        attributes: vec![
            ("locale", preferences.locale.tag().to_owned()),
            ("currency", preferences.currency.code().to_owned()),
            ("path", address.to_owned()),
        ],
    });
}

/// Who is here, asked at the start and whenever the session changes.
#[hook]
fn use_visitor() -> UseReducerHandle<Visitor> {
    let visitor = use_reducer(Visitor::default);
    let told = use_mut_ref(|| 0);
    *told.borrow_mut() = visitor.told();
    let ask = {
        let visitor = visitor.dispatcher();
        let questions = use_mut_ref(|| 0_u32);
        move || {
            *questions.borrow_mut() += 1;
            let (question, asked_at) = (*questions.borrow(), *told.borrow());
            let (visitor, questions) = (visitor.clone(), questions.clone());
            spawn_local(async move {
                let answer = visitor::ask(asked_at).await;
                // Asked again meanwhile: somebody else may be here since.
                if question == *questions.borrow() {
                    visitor.dispatch(answer);
                }
            });
        }
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| ask());
    }
    use_document_event(event::SESSION_CHANGED, move |_| ask());
    let cart = visitor.dispatcher();
    use_document_event(event::CART_CHANGED, move |event| {
        cart.dispatch(News::Cart(visitor::whole(&detail(&event))));
    });
    visitor
}

/// Keeps `address` up with links, forms, fragments and the browser's buttons.
#[hook]
fn use_navigation(routes: &Routes, address: &UseStateHandle<String>, locale: Locale) {
    let known = use_mut_ref(history::address);
    let arrived = {
        let (address, routes) = (address.setter(), routes.clone());
        move || {
            let here = history::address();
            // A jump within the page is no arrival.
            if known.replace(here.clone()) == here {
                return;
            }
            match routes.find(query::path_of(&here)) {
                // Once per arrival: the fragment may know a better title, and says it later.
                Some(route) => {
                    set_title(Say::new(&TEXTS, locale).t(&["title.", &route.page].concat()))
                }
                // Written by the server, and left since.
                None => history::reload(),
            }
            address.set(here);
        }
    };
    let (to, here) = (routes.clone(), arrived.clone());
    use_document_event("click", move |event| {
        if let Some(href) = history::link_of(&event, &to) {
            event.prevent_default();
            history::push(&href);
            here();
        }
    });
    let (to, here) = (routes.clone(), arrived.clone());
    use_document_event("submit", move |event| {
        if let Some(href) = history::search_of(&event, &to) {
            event.prevent_default();
            history::push(&href);
            here();
        }
    });
    let (to, here) = (routes.clone(), arrived.clone());
    use_document_event(event::NAVIGATE, move |event| {
        if history::go(&detail(&event).as_string().unwrap_or_default(), &to) {
            here();
        }
    });
    use_effect_with((), move |()| {
        let window = web_sys::window();
        let back = window.map(|it| Listener::new(it.into(), "popstate", move |_| arrived()));
        move || drop(back)
    });
}

/// What fragments have the page do.
#[hook]
fn use_page_events() {
    use_document_event(event::TITLE, |event| {
        if let Some(title) = detail(&event).as_string() {
            set_title(&title);
        }
    });
    use_document_event(event::ANNOUNCE, |event| {
        let announcer = document().and_then(|it| it.get_element_by_id("announcer"));
        if let (Some(announcer), text) = (announcer, detail(&event)) {
            announcer.set_text_content(JsValue::as_string(&text).as_deref());
        }
    });
}

fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}
