//! The mailbox of a demonstration: what the shop wrote, as it arrives.

mod letter;
mod state;

use json_kit::json;
use ui_kit::live::Timer;
use ui_kit::query::address;
use ui_kit::time::{self, Shown};
use ui_kit::view::{empty, failed, order_number};
use ui_kit::{Remote, Say, Scene, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use state::{Action, LETTER, MAILS, Mail, Page, State};

/// How often it is looked for new ones.
const LOOK_EVERY_MS: i32 = 5_000;

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct MailProps {
    pub(crate) scene: Scene,
    /// The mail that is read.
    pub(crate) id: Option<String>,
}

#[component]
pub(crate) fn MailPage(props: &MailProps) -> Html {
    let say = props.scene.say;
    let state = use_reducer(State::default);
    let look = {
        let state = state.dispatcher();
        Callback::from(move |()| {
            let state = state.clone();
            spawn_local(async move {
                let variables = json!({ "after": None::<String> });
                state.dispatch(Action::Came(graphql::ask(MAILS, variables).await));
            });
        })
    };
    {
        let (look, is_here) = (look.clone(), state.mails.ready().is_some());
        use_effect_with((is_here, state.looks), move |&(is_here, looks)| {
            if looks == 0 {
                look.emit(());
            }
            let timer = is_here.then(|| Timer::after(LOOK_EVERY_MS, move || look.emit(())));
            move || drop(timer)
        });
    }
    let read = {
        let (state, id) = (state.dispatcher(), props.id.clone());
        Callback::from(move |()| {
            let (state, id) = (state.clone(), id.clone());
            state.dispatch(Action::Opened(id.clone()));
            let Some(id) = id else { return };
            spawn_local(async move {
                let answer = graphql::ask(LETTER, json!({ "id": id })).await;
                state.dispatch(Action::LetterCame(id, answer));
            });
        })
    };
    {
        let read = read.clone();
        use_effect_with(props.id.clone(), move |_| read.emit(()));
    }
    let more = {
        let state = state.dispatcher();
        Callback::from(move |after: String| {
            let state = state.clone();
            state.dispatch(Action::MoreAsked);
            spawn_local(async move {
                let answer = graphql::ask(MAILS, json!({ "after": after })).await;
                state.dispatch(Action::MoreCame(answer));
            });
        })
    };
    let retry = {
        let state = state.dispatcher();
        look.reform(move |()| state.dispatch(Action::Asked))
    };
    let here = props.id.as_ref().map_or_else(|| "/mailbox".to_owned(), |id| at(id));
    let body = match &state.mails {
        Remote::Loading => html! {
            <div class="panel" aria-hidden="true"><div class="skeleton skeleton-block"></div></div>
        },
        Remote::Failed(failure) if failure.is_signed_out() => empty(
            say.t("me.nobody"),
            html! { <div class="row"><a class="button primary" href={address("/sign-in", &[("next", Some(&here))])}>{ say.t("enter.sign.in") }</a></div> },
        ),
        Remote::Failed(failure) => failed(failure, &retry, say.locale),
        Remote::Ready(page) if page.items.is_empty() && props.id.is_none() => {
            empty(say.t("mail.none"), html! { <p>{ say.t("mail.none.text") }</p> })
        }
        Remote::Ready(page) => html! {
            <div class="mailbox">
                { list(say, page, props.id.as_ref(), state.is_growing, &more) }
                if let Some(id) = &props.id { { letter::show(say, id, &state.letter, &read) } }
            </div>
        },
    };
    html! { <div class="page"><h1>{ say.t("mail.title") }</h1>{ body }</div> }
}

fn at(id: &str) -> String {
    ["/mailbox/", id].concat()
}

fn list(
    say: Say,
    page: &Page,
    open: Option<&String>,
    is_growing: bool,
    more: &Callback<String>,
) -> Html {
    html! {
        <div class="stack">
            <ul class="mails">for mail in page.items.iter() { { row(say, mail, open) } }</ul>
            if let Some(next) = page.next.clone() {
                <p class="more">
                    <button type="button" class="button" disabled={is_growing} aria-busy={is_growing.to_string()}
                        onclick={more.reform(move |_: MouseEvent| next.clone())}>{ say.t("mail.more") }</button>
                </p>
            }
        </div>
    }
}

fn row(say: Say, mail: &Mail, open: Option<&String>) -> Html {
    let current = (open == Some(&mail.id)).then_some("true");
    html! {
        <li key={mail.id.clone()}>
            <a href={at(&mail.id)} aria-current={current}>
                <strong>{ say.t(mail.kind()).to_owned() }{ " · " }{ say.with("mail.of", &[("number", order_number(&mail.order))]) }</strong>
                <time datetime={mail.created_at.clone()}>{ time::show(&mail.created_at, Shown::Minute, say.locale) }</time>
            </a>
        </li>
    }
}
