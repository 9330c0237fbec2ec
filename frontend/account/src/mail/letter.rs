//! One letter, as it would look in a mailbox.

use ui_kit::time::{self, Shown};
use ui_kit::view::{empty, failed};
use ui_kit::{Remote, Say};
use yew::prelude::*;

use super::state::Letter;

/// The letter of this id; `retry` asks for it again.
pub(super) fn show(
    say: Say,
    id: &str,
    letter: &Remote<Option<Letter>>,
    retry: &Callback<()>,
) -> Html {
    let body = match letter {
        Remote::Loading => html! {
            <div class="letter" aria-hidden="true"><div class="skeleton skeleton-title"></div><div class="skeleton skeleton-block"></div></div>
        },
        Remote::Failed(failure) => failed(failure, retry, say.locale),
        Remote::Ready(None) => empty(say.t("mail.unknown"), html! {}),
        Remote::Ready(Some(letter)) => here(say, id, letter),
    };
    html! {
        <div class="stack reading">
            <p class="back"><a href="/mailbox">{ "← " }{ say.t("mail.all") }</a></p>
            { body }
        </div>
    }
}

fn here(say: Say, id: &str, letter: &Letter) -> Html {
    html! {
        <article class="letter">
            <header>
                <h2>{ letter.subject.clone() }</h2>
                <p class="muted">{ letter.to.clone() }{ " · " }{ time::show(&letter.created_at, Shown::Minute, say.locale) }</p>
                <p><a href={["/orders/", &letter.order].concat()}>{ say.t("mail.order") }</a></p>
            </header>
            // Its styles need a policy of their own: it stands at an address of its own, and can do nothing there.
            <iframe key={id.to_owned()} sandbox="" title={letter.subject.clone()} src={["/mails/", id, ".html"].concat()}></iframe>
            <details>
                <summary class="button quiet">{ say.t("mail.text") }</summary>
                <p class="letter-text">{ letter.text.clone() }</p>
            </details>
        </article>
    }
}
