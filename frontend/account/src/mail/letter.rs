//! One letter, as it would look in a mailbox.

use ui_kit::Remote;
use ui_kit::contract::use_scene;
use ui_kit::time::{self, Shown};
use ui_kit::view::{empty, failed};
use yew::prelude::*;

use super::state::Letter;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct LetterProps {
    pub(super) id: String,
    pub(super) letter: Remote<Option<Letter>>,
    /// Asks again.
    pub(super) retry: Callback<()>,
}

#[component]
pub(super) fn LetterView(props: &LetterProps) -> Html {
    let say = use_scene().say;
    match &props.letter {
        Remote::Loading => html! {
            <div class="letter" aria-hidden="true"><div class="skeleton skeleton-title"></div><div class="skeleton skeleton-block"></div></div>
        },
        Remote::Failed(failure) => failed(failure, &props.retry, say.locale),
        Remote::Ready(None) => empty(say.t("mail.unknown"), html! {}),
        Remote::Ready(Some(letter)) => html! {
            <article class="letter">
                <header>
                    <h2>{ letter.subject.clone() }</h2>
                    <p class="muted">{ letter.to.clone() }{ " · " }{ time::show(&letter.created_at, Shown::Minute, say.locale) }</p>
                    <p><a href={["/orders/", &letter.order].concat()}>{ say.t("mail.order") }</a></p>
                </header>
                // Its styles need a policy of their own: it stands at an address of its own, and can do nothing there.
                <iframe key={props.id.clone()} sandbox="" title={letter.subject.clone()} src={["/mails/", &props.id, ".html"].concat()}></iframe>
                <details>
                    <summary class="button quiet">{ say.t("mail.text") }</summary>
                    <p class="letter-text">{ letter.text.clone() }</p>
                </details>
            </article>
        },
    }
}
