//! Two of the four states: something failed, or there is nothing.

use yew::prelude::*;

use crate::graphql::Failure;
use crate::i18n::Locale;

/// A part of a page that did not load, and a way to try again; the rest of the page lives on.
pub fn failed(failure: &Failure, retry: &Callback<()>, locale: Locale) -> Html {
    let say = super::say(locale);
    let why = match failure {
        Failure::Offline => say.t("failed.offline"),
        Failure::Broken => say.t("failed.broken"),
        Failure::Away | Failure::Refused(_) => say.t("failed.away"),
    };
    let onclick = retry.reform(|_: MouseEvent| ());
    html! {
        <section class="state state-failed" role="alert">
            <h2>{ say.t("failed.title") }</h2>
            <p>{ why }</p>
            <button type="button" class="button" {onclick}>{ say.t("retry") }</button>
        </section>
    }
}

/// Nothing here yet, and where to go from here.
pub fn empty(title: &str, rest: Html) -> Html {
    state_empty(html! { <h2>{ title.to_owned() }</h2> }, rest)
}

/// The same where it is all the page is about, so that its title is the page's.
pub fn empty_page(title: &str, rest: Html) -> Html {
    state_empty(html! { <h1>{ title.to_owned() }</h1> }, rest)
}

/// Where to go from here, if there is but one way.
pub fn way(href: &'static str, text: &str) -> Html {
    html! { <div class="row"><a class="button primary" {href}>{ text.to_owned() }</a></div> }
}

fn state_empty(title: Html, rest: Html) -> Html {
    html! { <section class="state state-empty">{ title }{ rest }</section> }
}
