//! Two of the four states: something failed, or there is nothing.

use yew::prelude::*;

use crate::contract::use_scene;
use crate::graphql::Failure;

/// What failed and a way to try again.
#[derive(Debug, PartialEq, Properties)]
pub struct FailedProps {
    /// Why.
    pub failure: Failure,
    /// Tries again.
    pub onretry: Callback<()>,
}

/// A part of a page that did not load; the rest of the page lives on.
#[component]
pub fn Failed(props: &FailedProps) -> Html {
    let say = super::say(use_scene().say.locale);
    let why = match &props.failure {
        Failure::Offline => say.t("failed.offline"),
        Failure::Broken => say.t("failed.broken"),
        Failure::Away | Failure::Refused(_) => say.t("failed.away"),
    };
    let onclick = props.onretry.reform(|_: MouseEvent| ());
    html! {
        <section class="state state-failed" role="alert">
            <h2>{ say.t("failed.title") }</h2>
            <p>{ why }</p>
            <button type="button" class="button" {onclick}>{ say.t("retry") }</button>
        </section>
    }
}

/// What is empty and what to do next.
#[derive(Debug, PartialEq, Properties)]
pub struct EmptyProps {
    /// What there is none of.
    pub title: AttrValue,
    /// Whether that is all the page is about, so that its title is the page's.
    #[prop_or_default]
    pub is_page: bool,
    /// What to do about it.
    #[prop_or_default]
    pub children: Html,
}

/// Nothing here yet, and where to go from here.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <section class="state state-empty">
            if props.is_page { <h1>{ &props.title }</h1> } else { <h2>{ &props.title }</h2> }
            { props.children.clone() }
        </section>
    }
}
