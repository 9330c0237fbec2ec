//! The checkout: one calm page. An order that was cancelled is paid again on it, too.

mod again;
mod draft;
pub(crate) mod form;
mod key;
mod refusal;
mod state;
mod view;

use json_kit::{Json, json};
use ui_kit::event::CART_CHANGED;
use ui_kit::{Failure, Scene, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use form::Method;
use key::Keys;
use state::{ADD_CARD, Access, Action, CHECKOUT, Card, DOCUMENT, Deed, Done, Made, State};
use view::PageProps;

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct PayProps {
    pub(crate) scene: Scene,
    /// The cancelled order that is paid again; the cart where there is none.
    #[prop_or_default]
    pub(crate) again: Option<String>,
}

#[component]
pub(crate) fn PayPage(props: &PayProps) -> Html {
    let scene = props.scene.clone();
    let state = use_reducer(|| State::resumed(draft::take()));
    let keys = use_mut_ref(Keys::default);
    let ask = {
        let (state, again) = (state.dispatcher(), props.again.clone());
        Callback::from(move |()| {
            let (state, again) = (state.clone(), again.clone());
            spawn_local(async move { state.dispatch(Action::Came(load(again.as_deref()).await)) });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| ask.emit(()));
    }
    let retry = {
        let (state, ask) = (state.dispatcher(), ask.clone());
        Callback::from(move |()| {
            state.dispatch(Action::Asked);
            ask.emit(());
        })
    };
    let act = {
        let state = state.dispatcher();
        Callback::from(move |action| state.dispatch(action))
    };
    let submit = {
        let (state, scene, is_cart) = (state.clone(), scene.clone(), props.again.is_none());
        Callback::from(move |()| {
            state.dispatch(Action::Checked);
            if !state.form.wrong().is_empty()
                || state.deed == Deed::Pending
                || state.desk().is_none()
            {
                return;
            }
            state.dispatch(Action::Submitted);
            let (state, scene, keys, ask) =
                (state.clone(), scene.clone(), keys.clone(), ask.clone());
            spawn_local(async move {
                match place(&state, &scene, &keys).await {
                    Ok(order) => {
                        if is_cart {
                            scene.emit(CART_CHANGED, 0);
                        }
                        scene.go(&["/checkout/placed/", &order].concat());
                    }
                    Err(failure) => {
                        if let Some(address) = refusal::placed_at(&failure) {
                            scene.emit(CART_CHANGED, 0);
                            scene.go(&address);
                            return;
                        }
                        // Show what is there, and let the shopper decide.
                        if refusal::is_outdated(&failure) {
                            ask.emit(());
                        }
                        if refusal::leads_away(&failure)
                            && let Some(typed) = state.draft()
                        {
                            draft::keep(&typed);
                        }
                        state.dispatch(Action::Refused(failure));
                    }
                }
            });
        })
    };
    let address = match &props.again {
        Some(order) => ["/checkout/again/", order].concat(),
        None => "/checkout".to_owned(),
    };
    view::page(&scene, &PageProps { address: &address, state: &state, retry, act, submit })
}

/// The cart or the order, and who pays it.
async fn load(again: Option<&str>) -> Result<Access, Failure> {
    let (document, variables) = match again {
        None => (DOCUMENT, json!({})),
        Some(order) => (again::DOCUMENT, json!({ "id": order })),
    };
    state::access(again, graphql::ask(document, variables).await)
}

/// Stores a new card if there is one, and places the order; returns its id.
async fn place(
    state: &UseReducerHandle<State>,
    scene: &Scene,
    keys: &std::cell::RefCell<Keys>,
) -> Result<String, Failure> {
    let method = match &state.form.method {
        Method::Stored(card) => json!({ "card": card }),
        Method::StoreCredit => json!({ "storeCredit": true }),
        Method::New => {
            let Made { id, brand, last4 } = send(ADD_CARD, state.form.card(), keys).await?;
            let method = json!({ "card": id });
            let (brand, last4) = (brand.unwrap_or_default(), last4.unwrap_or_default());
            state.dispatch(Action::Stored(Card { id, brand, last4 }));
            method
        }
    };
    let Some(desk) = state.desk() else { return Err(Failure::Broken) };
    let input = desk.input(&state.form, &method, scene.currency, scene.say.locale);
    let deed = if desk.past.is_some() { again::PAY } else { CHECKOUT };
    Ok(send(deed, input, keys).await?.id)
}

/// Sends an input under its key, so that a lost answer can be asked for again.
async fn send(
    document: &'static str,
    input: Json,
    keys: &std::cell::RefCell<Keys>,
) -> Result<Made, Failure> {
    let key = keys.borrow_mut().of(document, &input);
    let variables = json!({ "input": input, "key": key });
    Ok(graphql::ask::<Done>(document, variables).await?.data.made)
}
