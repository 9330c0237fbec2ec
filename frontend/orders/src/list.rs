//! One's orders.

pub(crate) mod state;

use json_kit::json;
use ui_kit::live::Timer;
use ui_kit::query::address;
use ui_kit::time::{self, Shown};
use ui_kit::view::{self, Picture, empty, order_number, price, way};
use ui_kit::{Failure, Remote, Say, Scene, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::detail::badge;
use state::{Action, DOCUMENT, FILTERS, Order, Page, STRETCH, State};

/// How many pictures fit beside an order.
const THUMBNAILS: usize = 4;

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct ListProps {
    pub(crate) scene: Scene,
    pub(crate) status: Option<String>,
}

#[component]
pub(crate) fn ListPage(props: &ListProps) -> Html {
    let scene = props.scene.clone();
    let say = scene.say;
    let state = use_reducer(State::default);
    let questions = use_mut_ref(|| 0_u32);
    {
        let (dispatcher, status) = (state.dispatcher(), props.status.clone());
        let (look, question) = (state.next_look(), *questions.borrow());
        use_effect_with((look, state.looks, question), move |&(look, _, question)| {
            let timer = look.and_then(|(limit, wait)| {
                Timer::after(wait, move || {
                    let variables =
                        json!({ "status": status, "after": None::<String>, "limit": limit });
                    spawn_local(async move {
                        let answer = graphql::ask(DOCUMENT, variables).await;
                        dispatcher.dispatch(Action::Looked(question, limit, answer));
                    });
                })
            });
            move || drop(timer)
        });
    }
    let ask = {
        let (state, status) = (state.dispatcher(), props.status.clone());
        Callback::from(move |after: Option<String>| {
            if after.is_none() {
                *questions.borrow_mut() += 1;
                state.dispatch(Action::Asked(*questions.borrow()));
            } else {
                state.dispatch(Action::MoreAsked);
            }
            let question = *questions.borrow();
            let variables = json!({ "status": status, "after": after, "limit": STRETCH });
            let state = state.clone();
            spawn_local(async move {
                state.dispatch(Action::Came(question, graphql::ask(DOCUMENT, variables).await));
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(props.status.clone(), move |_| ask.emit(None));
    }
    let retry = ask.reform(|()| None);
    let body = match &state.page {
        Remote::Loading => html! {
            <ul class="orders" aria-hidden="true">
                for _ in 0..4 { <li class="order-row"><div class="skeleton skeleton-line"></div><div class="skeleton skeleton-line"></div></li> }
            </ul>
        },
        Remote::Failed(failure) => {
            let here = address("/orders", &[("status", props.status.as_deref())]);
            failed(say, failure, &here, retry)
        }
        Remote::Ready(page) if page.items.is_empty() => empty(
            say.t("list.empty"),
            html! { <>
                <p>{ say.t("list.empty.text") }</p>
                { way("/products", say.t("list.shop")) }
            </> },
        ),
        Remote::Ready(page) => rows(say, page, state.is_growing, &ask),
    };
    html! {
        <div class="page">
            <h1>{ say.t("list.title") }</h1>
            { filters(say, props.status.as_deref()) }
            { body }
        </div>
    }
}

/// Who is not signed in is told how; anything else is a failure like any other.
pub(crate) fn failed(say: Say, failure: &Failure, page: &str, onretry: Callback<()>) -> Html {
    if !failure.is_signed_out() {
        return view::failed(failure, &onretry, say.locale);
    }
    let sign_in = address("/sign-in", &[("next", Some(page))]);
    empty(
        say.t("list.signed.out"),
        html! { <div class="row"><a class="button primary" href={sign_in}>{ say.t("list.sign.in") }</a></div> },
    )
}

fn filters(say: Say, chosen: Option<&str>) -> Html {
    let chip = |status: Option<&str>, text: &str| {
        let href = address("/orders", &[("status", status)]);
        html! { <a class="chip" {href} aria-current={(chosen == status).then_some("true")}>{ text.to_owned() }</a> }
    };
    html! {
        <nav class="chips slide" aria-label={say.t("list.filter")}>
            { chip(None, say.t("list.all")) }
            for status in FILTERS { { chip(Some(status), say.t(&["status.", status].concat())) } }
        </nav>
    }
}

fn rows(say: Say, page: &Page, is_growing: bool, ask: &Callback<Option<String>>) -> Html {
    html! {
        <>
            if page.degraded { <p class="notice warn">{ say.t("list.degraded") }</p> }
            <ul class="orders">for order in page.items.iter() { { row(say, order) } }</ul>
            if let Some(next) = page.next.clone() {
                <p class="more">
                    <button type="button" class="button" disabled={is_growing} aria-busy={is_growing.to_string()}
                        onclick={ask.reform(move |_: MouseEvent| Some(next.clone()))}>{ say.t("list.more") }</button>
                </p>
            }
        </>
    }
}

fn row(say: Say, order: &Order) -> Html {
    let pictures: Vec<_> = order.pictures().collect();
    let rest = pictures.len().saturating_sub(THUMBNAILS);
    html! {
        <li class="order-row" key={order.id.clone()}>
            <h2>
                <a href={["/orders/", &order.id].concat()}>{ say.with("list.number", &[("number", order_number(&order.id))]) }</a><br />
                <time datetime={order.placed_at.clone()}>{ time::show(&order.placed_at, Shown::Minute, say.locale) }</time>
                if let Some(pieces) = order.pieces() { <br /><small>{ say.count("list.pieces", pieces) }</small> }
            </h2>
            { badge(say, order.status) }
            <div class="thumbnails">
                for picture in pictures.into_iter().take(THUMBNAILS) { { Picture { name: picture, size: "tiny", ..Picture::default() }.show() } }
                if rest > 0 { <span class="rest">{ "+" }{ rest }</span> }
            </div>
            { price(order.total, say.locale) }
        </li>
    }
}
