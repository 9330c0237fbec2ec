//! The list as it is seen.

use ui_kit::view::{empty, failed};
use ui_kit::{Remote, Say, Scene};
use web_sys::{Event, HtmlSelectElement};
use yew::prelude::*;

use super::filters::{Filters, SORTS};
use super::state::{Goods, List, More};
use crate::card::{cards, skeleton_cards};

#[derive(Debug)]
pub(super) struct PageProps<'p> {
    pub(super) filters: &'p Filters,
    pub(super) list: &'p List,
    /// Asks for the page after a cursor, or from the start.
    pub(super) ask: Callback<Option<String>>,
}

pub(super) fn page(scene: &Scene, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let title = match &props.filters.text {
        Some(text) => say.with("list.title.search", &[("text", text)]),
        None => say.t("list.title").to_owned(),
    };
    let retry = props.ask.reform(|()| None);
    let body = match &props.list.goods {
        Remote::Loading => skeleton_cards(),
        // An address that asks for nonsense: trying again cannot help.
        Remote::Failed(failure) if failure.is_final() => nothing(say),
        Remote::Failed(failure) => failed(failure, &retry, say.locale),
        Remote::Ready(goods) if goods.cards.is_empty() => nothing(say),
        Remote::Ready(goods) => html! {
            <>
                { cards(scene, &goods.cards, 4) }
                { more(say, goods, &props.ask) }
            </>
        },
    };
    html! {
        <div class="page stack">
            <h1>{ title }</h1>
            <div class="browse">
                { controls(scene, props.filters, props.list) }
                <div class="stack">
                    <div class="toolbar">
                        if let Some(goods) = props.list.goods.ready() {
                            <h2 class="hint">{ found(say, goods) }</h2>
                        } else {
                            <span class="hint"></span>
                        }
                        { order(scene, props.filters) }
                    </div>
                    { chips(scene, props.filters, props.list) }
                    { body }
                </div>
            </div>
        </div>
    }
}

fn nothing(say: Say) -> Html {
    empty(
        say.t("list.empty"),
        html! { <>
            <p>{ say.t("list.empty.text") }</p>
            <p class="row"><a class="button" href="/products">{ say.t("list.clear") }</a></p>
        </> },
    )
}

/// How many there are, as far as it is known.
pub(super) fn found(say: Say, goods: &Goods) -> String {
    let count = goods.cards.len();
    if goods.next.is_some() {
        say.with("list.found.more", &[("n", &count.to_string())])
    } else {
        say.count("list.found", count)
    }
}

fn more(say: Say, goods: &Goods, ask: &Callback<Option<String>>) -> Html {
    let Some(next) = goods.next.clone() else { return html! {} };
    let onclick = ask.reform(move |_: MouseEvent| Some(next.clone()));
    let (text, busy) = match goods.more {
        More::Idle => (say.t("list.more"), false),
        More::Loading => (say.t("list.more"), true),
        More::Failed => (say.t("list.more.failed"), false),
    };
    html! {
        <p class="more">
            <button type="button" class="button" disabled={busy} aria-busy={busy.to_string()} {onclick}>{ text }</button>
        </p>
    }
}

/// In which order: a choice takes effect at once.
fn order(scene: &Scene, filters: &Filters) -> Html {
    let say = scene.say;
    let onchange = {
        let (scene, filters) = (scene.clone(), filters.clone());
        Callback::from(move |event: Event| {
            let sort = event.target_unchecked_into::<HtmlSelectElement>().value();
            scene.go(&Filters { sort: Some(sort), ..filters.clone() }.address());
        })
    };
    html! {
        <div class="sort">
            <label for="catalog-sort">{ say.t("sort") }</label>
            <select id="catalog-sort" {onchange}>
                for sort in SORTS {
                    <option value={sort} selected={filters.order() == sort}>{ say.t(&["sort.", sort].concat()).to_owned() }</option>
                }
            </select>
        </div>
    }
}

/// Links and a plain form, whose fields are the address' query: the shell makes them pages of the shop.
fn controls(scene: &Scene, filters: &Filters, list: &List) -> Html {
    let say = scene.say;
    let category = |slug: Option<&str>, name: &str, count: Option<u32>| {
        let is_current = filters.category.as_deref() == slug;
        let href = Filters { category: slug.map(str::to_owned), ..filters.clone() }.address();
        html! {
            <a {href} aria-current={is_current.then_some("true")}>{ name.to_owned() }
                if let Some(count) = count { <small>{ count }</small> }
            </a>
        }
    };
    let amount = |name: &'static str, label: &str, value: &Option<String>| {
        let id = ["catalog-", name].concat();
        html! {
            <div class="field">
                <label for={id.clone()}>{ label.to_owned() }</label>
                <input {id} {name} inputmode="decimal" autocomplete="off" pattern="[0-9]+([.][0-9]{1,2})?"
                    value={value.clone().unwrap_or_default()} />
            </div>
        }
    };
    let currency = filters.priced_in(scene.currency).code();
    let kept = [("q", &filters.text), ("category", &filters.category), ("sort", &filters.sort)];
    html! {
        <details class="filters" key={filters.address()}>
            <summary>{ say.t("filter") }</summary>
            <div class="stack">
                <nav class="links" aria-label={say.t("filter.category")}>
                    { category(None, say.t("filter.category.all"), None) }
                    for known in list.categories.iter() {
                        { category(Some(&known.slug), known.name.get(say.locale), Some(known.products)) }
                    }
                </nav>
                <form class="stack" action="/products" aria-label={say.t("filter")}>
                    for (name, value) in kept {
                        if let Some(value) = value { <input type="hidden" {name} value={value.clone()} /> }
                    }
                    <input type="hidden" name="in" value={currency} />
                    <div class="range">
                        { amount("min", &say.with("filter.min", &[("currency", currency)]), &filters.min) }
                        <span aria-hidden="true">{ "–" }</span>
                        { amount("max", &say.with("filter.max", &[("currency", currency)]), &filters.max) }
                    </div>
                    <button class="button">{ say.t("filter.apply") }</button>
                </form>
            </div>
        </details>
    }
}

/// Each filter as a link to the list without it.
fn chips(scene: &Scene, filters: &Filters, list: &List) -> Html {
    if !filters.narrows() {
        return html! {};
    }
    let say = scene.say;
    let mut chips: Vec<(String, Filters)> = Vec::new();
    if let Some(text) = &filters.text {
        chips.push((
            say.with("chip.search", &[("text", text)]),
            Filters { text: None, ..filters.clone() },
        ));
    }
    if let Some(slug) = &filters.category {
        let known = list.categories.iter().find(|category| category.slug == *slug);
        let name = known.map_or(slug.as_str(), |category| category.name.get(say.locale));
        chips.push((name.to_owned(), Filters { category: None, ..filters.clone() }));
    }
    let currency = filters.priced_in(scene.currency);
    let price = |typed| Filters::price(typed, currency).map(|money| money.show(say.locale));
    if let Some(shown) = price(filters.min.as_ref()) {
        chips.push((
            say.with("chip.min", &[("price", &shown)]),
            Filters { min: None, ..filters.clone() },
        ));
    }
    if let Some(shown) = price(filters.max.as_ref()) {
        chips.push((
            say.with("chip.max", &[("price", &shown)]),
            Filters { max: None, ..filters.clone() },
        ));
    }
    html! {
        <ul class="chips">
            for (text, without) in chips {
                <li><a class="chip set" href={without.address()} aria-label={say.with("filter.remove", &[("what", &text)])}>{ text }{ " ×" }</a></li>
            }
            <li><a class="chip" href="/products">{ say.t("list.clear") }</a></li>
        </ul>
    }
}
