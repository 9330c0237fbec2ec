//! The mailbox of a demonstration: what the shop wrote, as it would arrive.

mod state;

use json_kit::json;
use ui_kit::contract::use_scene;
use ui_kit::time::{self, Shown};
use ui_kit::view::{Empty, Failed};
use ui_kit::{Remote, Say, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use state::{DOCUMENT, Letter, Mail, State, read};

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct MailProps {
    /// The mail that is read.
    pub(crate) id: Option<String>,
}

#[component]
pub(crate) fn MailPage(props: &MailProps) -> Html {
    let say = use_scene().say;
    let state = use_state(State::default);
    let ask = {
        let (state, id) = (state.setter(), props.id.clone());
        Callback::from(move |()| {
            let state = state.clone();
            let variables = json!({ "id": id.clone().unwrap_or_default(), "isOpen": id.is_some() });
            spawn_local(async move { state.set(read(graphql::ask(DOCUMENT, variables).await)) });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(props.id.clone(), move |_| ask.emit(()));
    }
    let body = match &state.mails {
        Remote::Loading => html! {
            <div class="panel" aria-hidden="true"><div class="skeleton skeleton-block"></div></div>
        },
        Remote::Failed(failure) if failure.code() == Some("not-signed-in") => html! {
            <Empty title={say.t("me.nobody")}>
                <div class="row"><a class="button primary" href="/sign-in?next=%2Fmailbox">{ say.t("enter.sign.in") }</a></div>
            </Empty>
        },
        Remote::Failed(failure) => {
            html! { <Failed failure={failure.clone()} onretry={ask} /> }
        }
        Remote::Ready(mails) if mails.is_empty() => html! {
            <Empty title={say.t("mail.none")}><p>{ say.t("mail.none.text") }</p></Empty>
        },
        Remote::Ready(mails) => html! {
            <div class="mailbox">
                <ul class="mails">for mail in mails.iter() { { row(say, mail, props.id.as_ref()) } }</ul>
                { state.letter.as_ref().map(|letter| open(say, letter)) }
            </div>
        },
    };
    html! { <div class="page"><h1>{ say.t("mail.title") }</h1>{ body }</div> }
}

fn row(say: Say, mail: &Mail, open: Option<&String>) -> Html {
    let current = (open == Some(&mail.id)).then_some("true");
    html! {
        <li key={mail.id.clone()}>
            <a href={["/mailbox/", &mail.id].concat()} aria-current={current}>
                <strong>{ mail.title().to_owned() }</strong>
                <time datetime={mail.created_at.clone()}>{ time::show(&mail.created_at, Shown::Minute, say.locale) }</time>
            </a>
        </li>
    }
}

/// As plain text: a mail's HTML has styles of its own, which the page's policy forbids.
fn open(say: Say, letter: &Letter) -> Html {
    html! {
        <article class="letter">
            <header>
                <h2>{ letter.subject.clone() }</h2>
                <p class="muted">{ letter.to.clone() }{ " · " }{ time::show(&letter.created_at, Shown::Minute, say.locale) }</p>
                <p><a href={["/orders/", &letter.order].concat()}>{ say.t("mail.order") }</a></p>
            </header>
            <p class="letter-text">{ letter.text.clone() }</p>
        </article>
    }
}
