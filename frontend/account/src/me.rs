//! One's own account.

mod profile;
mod state;

use json_kit::{Json, json};
use ui_kit::contract::SceneProps;
use ui_kit::event::{CART_CHANGED, SESSION_CHANGED};
use ui_kit::view::{empty, failed};
use ui_kit::{Remote, Scene, graphql};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use profile::Profile;
use state::{Action, CHANGE, Card, Customer, DOCUMENT, Deed, Done, REMOVE_CARD, SIGN_OUT, State};

/// A mutation and its variables.
type Wish = (&'static str, Json);

#[component]
pub(crate) fn MePage(props: &SceneProps) -> Html {
    let scene = props.scene.clone();
    let state = use_reducer(State::default);
    let load = {
        let state = state.dispatcher();
        Callback::from(move |()| {
            let state = state.clone();
            spawn_local(async move {
                state.dispatch(Action::Came(graphql::ask(DOCUMENT, json!({})).await));
            });
        })
    };
    let ask = {
        let (state, load) = (state.dispatcher(), load.clone());
        Callback::from(move |()| {
            state.dispatch(Action::Asked);
            load.emit(());
        })
    };
    {
        let load = load.clone();
        use_effect_with((), move |()| load.emit(()));
    }
    let act = {
        let (state, scene) = (state.clone(), scene.clone());
        Callback::from(move |(document, variables): Wish| {
            if state.deed == Deed::Pending {
                return;
            }
            let (state, scene, load) = (state.dispatcher(), scene.clone(), load.clone());
            state.dispatch(Action::Submitted);
            spawn_local(async move {
                match graphql::ask::<Done>(document, variables).await {
                    Err(failure) => state.dispatch(Action::Refused(failure)),
                    Ok(_) if document == SIGN_OUT => {
                        scene.emit(SESSION_CHANGED, JsValue::NULL);
                        scene.emit(CART_CHANGED, 0);
                        scene.go("/");
                    }
                    Ok(_) => {
                        if document == CHANGE {
                            // The header shows the name.
                            scene.emit(SESSION_CHANGED, JsValue::NULL);
                        }
                        scene.announce(scene.say.t("me.saved"));
                        state.dispatch(Action::Saved);
                        load.emit(());
                    }
                }
            });
        })
    };
    let say = scene.say;
    let body = match &state.customer {
        Remote::Loading => html! {
            <section class="panel" aria-hidden="true">
                <div class="skeleton skeleton-title"></div><div class="skeleton skeleton-block"></div>
            </section>
        },
        Remote::Failed(failure) => failed(failure, &ask, say.locale),
        Remote::Ready(None) => empty(
            say.t("me.nobody"),
            html! { <>
                <div class="row">
                    <a class="button primary" href="/sign-in">{ say.t("enter.sign.in") }</a>
                    <a class="button" href="/register">{ say.t("enter.register") }</a>
                </div>
            </> },
        ),
        Remote::Ready(Some(customer)) => account(&scene, customer, &state.deed, &act),
    };
    html! { <div class="page narrow"><h1>{ say.t("me.title") }</h1>{ body }</div> }
}

fn account(scene: &Scene, customer: &Customer, deed: &Deed, act: &Callback<Wish>) -> Html {
    let say = scene.say;
    let busy = *deed == Deed::Pending;
    let onsave = act.reform(|(name, locale): (String, String)| {
        (CHANGE, json!({ "name": name, "locale": locale }))
    });
    html! {
        <>
            { outcome(scene, deed) }
            <section class="panel">
                <div class="row">
                    <span class="face large" aria-hidden="true">{ customer.name.chars().next() }</span>
                    <div><h2>{ customer.name.clone() }</h2><p class="muted">{ customer.email.clone() }</p></div>
                    if customer.role == "operator" { <span class="badge warn">{ say.t("demo.operator") }</span> }
                </div>
                <div class="actions">
                    <a class="button" href="/orders">{ say.t("me.orders") }</a>
                    <a class="button" href="/mailbox">{ say.t("mail.title") }</a>
                    <button type="button" class="button" disabled={busy} onclick={act.reform(|_: MouseEvent| (SIGN_OUT, json!({})))}>
                        { say.t("me.sign.out") }
                    </button>
                </div>
            </section>
            <Profile scene={scene.clone()} name={customer.name.clone()} locale={customer.locale.clone()} {busy} {onsave} />
            <section class="panel">
                <h2>{ say.t("me.cards") }</h2>
                if let Some(cards) = &customer.cards {
                    if cards.is_empty() { <p class="muted">{ say.t("me.cards.none") }</p> }
                    <ul class="wallet">for it in cards.iter() { { card(scene, it, busy, act) } }</ul>
                } else {
                    <p class="notice warn">{ say.t("me.cards.away") }</p>
                }
                if !customer.credits().is_empty() {
                    <h2>{ say.t("me.credit") }</h2>
                    <dl class="money">
                        for credit in customer.credits().iter() {
                            <div>
                                <dt>{ say.with("me.credit.of", &[("price", &credit.limit.show(say.locale))]) }</dt>
                                <dd>{ credit.available.show(say.locale) }</dd>
                            </div>
                        }
                    </dl>
                }
            </section>
        </>
    }
}

fn card(scene: &Scene, card: &Card, busy: bool, act: &Callback<Wish>) -> Html {
    let (say, name, id) = (scene.say, card.name(), card.id.clone());
    let onclick = act.reform(move |_: MouseEvent| (REMOVE_CARD, json!({ "id": id })));
    html! {
        <li key={card.id.clone()}>
            <span>{ name.clone() }</span><span></span>
            <button type="button" class="button quiet" disabled={busy} {onclick}
                aria-label={say.with("me.card.remove.of", &[("card", &name)])}>{ say.t("me.card.remove") }</button>
        </li>
    }
}

/// What came of what was pressed last.
fn outcome(scene: &Scene, deed: &Deed) -> Html {
    let say = scene.say;
    match deed {
        Deed::Idle | Deed::Pending => html! {},
        Deed::Saved => html! { <p class="notice ok">{ say.t("me.saved") }</p> },
        Deed::Refused(failure) if failure.is_signed_out() => html! {
            <p class="notice bad" role="alert">{ say.t("me.nobody") }{ " " }<a href="/sign-in?next=%2Faccount">{ say.t("enter.sign.in") }</a></p>
        },
        Deed::Refused(failure) => {
            let text = if failure.code().is_some() { "refused.other" } else { "refused.offline" };
            html! { <p class="notice bad" role="alert">{ say.t(text) }</p> }
        }
    }
}
