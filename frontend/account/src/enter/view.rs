//! The form and the demo accounts, as they are seen.

use ui_kit::query::address;
use ui_kit::{Failure, Scene};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::demo::Account;
use super::state::{Action, Deed, Door, Field, State};

#[derive(Debug, PartialEq, Properties)]
pub(super) struct PageProps {
    pub(super) scene: Scene,
    pub(super) door: Door,
    pub(super) next: String,
    pub(super) state: State,
    /// None until the shop has said whether it has any.
    pub(super) accounts: Option<Vec<Account>>,
    pub(super) act: Callback<Action>,
    pub(super) submit: Callback<()>,
}

#[component]
pub(super) fn Page(props: &PageProps) -> Html {
    let scene = props.scene.clone();
    let say = scene.say;
    let is_sign_in = props.door == Door::SignIn;
    let way = |path: &str| address(path, &[("next", Some(props.next.as_str()))]);
    let onsubmit = {
        let submit = props.submit.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            submit.emit(());
        })
    };
    let busy = props.state.deed == Deed::Pending;
    html! {
        <div class="page narrow">
            <h1>{ say.t(if is_sign_in { "enter.sign.in" } else { "enter.register" }) }</h1>
            if is_sign_in { { demo(&scene, props) } }
            <section class="panel">
                <nav class="seg" aria-label={say.t("enter.choice")}>
                    <a href={way("/sign-in")} aria-current={is_sign_in.then_some("page")}>{ say.t("enter.sign.in") }</a>
                    <a href={way("/register")} aria-current={(!is_sign_in).then_some("page")}>{ say.t("enter.register") }</a>
                </nav>
                { refusal(&scene, &props.state.deed) }
                <form class="form" novalidate=true {onsubmit}>
                    for field in props.door.fields().iter() { { input(&scene, *field, props) } }
                    <button class="button primary big wide" aria-busy={busy.to_string()} disabled={busy}>
                        { say.t(if is_sign_in { "enter.sign.in" } else { "enter.register" }) }
                    </button>
                </form>
            </section>
        </div>
    }
}

fn input(scene: &Scene, field: Field, props: &PageProps) -> Html {
    let say = scene.say;
    let (name, kind, autocomplete) = match (field, props.door) {
        (Field::Name, _) => ("name", "text", "name"),
        (Field::Email, _) => ("email", "email", "username"),
        (Field::Password, Door::SignIn) => ("password", "password", "current-password"),
        (Field::Password, Door::Register) => ("password", "password", "new-password"),
    };
    let id = ["account-", name].concat();
    let error = props.state.wrong.contains(&field).then(|| [id.as_str(), "-error"].concat());
    let oninput = props.act.reform(move |event: InputEvent| {
        Action::Typed(field, event.target_unchecked_into::<HtmlInputElement>().value())
    });
    let text = |kind: &str| say.t(&[kind, name].concat()).to_owned();
    html! {
        <div class="field">
            <label for={id.clone()}>{ text("field.") }</label>
            <input {id} {name} type={kind} {autocomplete} value={props.state.get(field).to_owned()} {oninput}
                aria-invalid={error.as_ref().map(|_| "true")} aria-describedby={error.clone()} />
            if let Some(id) = error {
                <p class="error" {id}>
                    { if autocomplete == "current-password" { say.t("wrong.password.missing").to_owned() } else { text("wrong.") } }
                </p>
            } else if autocomplete == "new-password" {
                <p class="hint">{ say.t("wrong.password") }</p>
            }
        </div>
    }
}

/// Whom one may be for a moment: a click fills the form in and submits nothing.
fn demo(scene: &Scene, props: &PageProps) -> Html {
    let say = scene.say;
    let Some(accounts) = &props.accounts else {
        return skeleton();
    };
    if accounts.is_empty() {
        return html! {};
    }
    html! {
        <section class="panel">
            <h2>{ say.t("demo.title") }</h2>
            <div class="demo-accounts">
                for account in accounts.iter() { { one(scene, account, props) } }
            </div>
        </section>
    }
}

/// As large as three accounts, so that the form below does not jump.
fn skeleton() -> Html {
    html! {
        <div class="panel" aria-hidden="true">
            <span class="skeleton skeleton-title"></span>
            <div class="demo-accounts">for _ in 0..3 { <span class="skeleton"></span> }</div>
        </div>
    }
}

fn one(scene: &Scene, account: &Account, props: &PageProps) -> Html {
    let (email, password) = (account.email.clone(), account.password.clone());
    let onclick =
        props.act.reform(move |_: MouseEvent| Action::Borrowed(email.clone(), password.clone()));
    html! {
        <button type="button" {onclick}>
            <span class="face" aria-hidden="true">{ account.name.chars().next() }</span>
            <span>{ account.name.clone() }<br /><small>{ account.email.clone() }</small></span>
            <span class="badge info">{ scene.say.t(account.what()).to_owned() }</span>
        </button>
    }
}

fn refusal(scene: &Scene, deed: &Deed) -> Html {
    let Deed::Refused(failure) = deed else { return html! {} };
    let key = match (failure, failure.code()) {
        (_, Some("wrong-credentials")) => "refused.credentials",
        (_, Some("too-many-attempts" | "passwords-busy")) => "refused.attempts",
        (_, Some("email-taken")) => "refused.taken",
        (_, Some("weak-password")) => "refused.weak",
        (Failure::Offline | Failure::Away, _) => "refused.offline",
        _ => "refused.other",
    };
    html! { <div class="notice bad" role="alert"><p>{ scene.say.t(key) }</p></div> }
}
