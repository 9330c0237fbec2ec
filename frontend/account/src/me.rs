//! One's own account.

mod state;

use json_kit::json;
use ui_kit::contract::use_scene;
use ui_kit::event::{CART_CHANGED, SESSION_CHANGED};
use ui_kit::view::{Empty, Failed};
use ui_kit::{Remote, Scene, graphql};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use state::{Customer, DOCUMENT, SIGN_OUT, SignedOut, State, read};

#[component]
pub(crate) fn MePage() -> Html {
    let scene = use_scene();
    let state = use_state(State::default);
    let ask = {
        let state = state.setter();
        Callback::from(move |()| {
            let state = state.clone();
            state.set(Remote::Loading);
            spawn_local(async move { state.set(read(graphql::ask(DOCUMENT, json!({})).await)) });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| ask.emit(()));
    }
    let say = scene.say;
    let body = match &*state {
        Remote::Loading => html! {
            <section class="panel" aria-hidden="true">
                <div class="skeleton skeleton-title"></div><div class="skeleton skeleton-block"></div>
            </section>
        },
        Remote::Failed(failure) => {
            html! { <Failed failure={failure.clone()} onretry={ask.clone()} /> }
        }
        Remote::Ready(None) => html! {
            <Empty title={say.t("me.nobody")}>
                <div class="row">
                    <a class="button primary" href="/sign-in">{ say.t("enter.sign.in") }</a>
                    <a class="button" href="/register">{ say.t("enter.register") }</a>
                </div>
            </Empty>
        },
        Remote::Ready(Some(customer)) => account(&scene, customer),
    };
    html! { <div class="page narrow"><h1>{ say.t("me.title") }</h1>{ body }</div> }
}

fn account(scene: &Scene, customer: &Customer) -> Html {
    let say = scene.say;
    html! {
        <>
            <section class="panel">
                <div class="row">
                    <span class="face large" aria-hidden="true">{ customer.name.chars().next() }</span>
                    <div><h2>{ customer.name.clone() }</h2><p class="muted">{ customer.email.clone() }</p></div>
                    if customer.role == "operator" { <span class="badge warn">{ say.t("demo.operator") }</span> }
                </div>
                <div class="actions">
                    <a class="button" href="/orders">{ say.t("me.orders") }</a>
                    <button type="button" class="button" onclick={sign_out(scene)}>{ say.t("me.sign.out") }</button>
                </div>
            </section>
            <section class="panel">
                <h2>{ say.t("me.cards") }</h2>
                if let Some(cards) = &customer.cards {
                    if cards.is_empty() { <p class="muted">{ say.t("me.cards.none") }</p> }
                    <ul class="wallet">
                        for card in cards.iter() {
                            <li key={card.id.clone()}><span>{ card.brand.to_uppercase() }{ " •••• " }{ card.last4.clone() }</span></li>
                        }
                    </ul>
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

fn sign_out(scene: &Scene) -> Callback<MouseEvent> {
    let scene = scene.clone();
    Callback::from(move |_| {
        let scene = scene.clone();
        spawn_local(async move {
            if graphql::ask::<SignedOut>(SIGN_OUT, json!({})).await.is_ok() {
                scene.emit(SESSION_CHANGED, JsValue::NULL);
                scene.emit(CART_CHANGED, 0);
                scene.go("/");
            } else {
                scene.announce(scene.say.t("refused.offline"));
            }
        });
    })
}
