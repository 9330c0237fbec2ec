//! Where a session has ended: the way to the sign-in, and back.

use ui_kit::Say;
use ui_kit::query::address;
use yew::prelude::*;

/// Leads back to the page `here`.
pub(crate) fn way(say: Say, here: &str) -> Html {
    let sign_in = address("/sign-in", &[("next", Some(here))]);
    html! { <div class="row"><a class="button primary" href={sign_in}>{ say.t("pay.sign.in.go") }</a></div> }
}
