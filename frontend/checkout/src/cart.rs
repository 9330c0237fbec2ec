//! The cart.

mod state;
mod view;

use serde_json::json;
use ui_kit::contract::use_scene;
use ui_kit::event::CART_CHANGED;
use ui_kit::graphql;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use state::{Action, Changed, DOCUMENT, REMOVE, SET, State};

#[component]
pub(crate) fn CartPage() -> Html {
    let scene = use_scene();
    let state = use_reducer(State::default);
    let ask = {
        let state = state.dispatcher();
        Callback::from(move |()| {
            let state = state.clone();
            state.dispatch(Action::Asked);
            spawn_local(async move {
                state.dispatch(Action::Came(graphql::ask(DOCUMENT, json!({})).await));
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| ask.emit(()));
    }
    let change = {
        let (state, scene) = (state.dispatcher(), scene.clone());
        Callback::from(move |(product, quantity): (String, u32)| {
            let (state, scene) = (state.clone(), scene.clone());
            state.dispatch(Action::Changing(product.clone(), quantity));
            spawn_local(async move {
                let changed = if quantity == 0 {
                    graphql::ask::<Changed>(REMOVE, json!({ "product": product })).await
                } else {
                    let variables = json!({ "product": product, "quantity": quantity });
                    graphql::ask::<Changed>(SET, variables).await
                };
                let cart = changed.map(|answer| answer.data.cart);
                if let Ok(cart) = &cart {
                    scene.emit(CART_CHANGED, cart.count);
                }
                state.dispatch(Action::Changed(product, cart));
            });
        })
    };
    let forget = {
        let state = state.dispatcher();
        Callback::from(move |()| state.dispatch(Action::Forgotten))
    };
    html! { <view::Page state={(*state).clone()} {ask} {change} {forget} /> }
}
