//! The cart.

mod seen;
mod state;
mod view;
mod wishes;

use json_kit::{Json, json};
use ui_kit::contract::SceneProps;
use ui_kit::event::CART_CHANGED;
use ui_kit::{Failure, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::goods::Cart;
use seen::Seen;
use state::{Action, DOCUMENT, REMOVE, SET, State};
use view::PageProps;
use wishes::Wishes;

#[component]
pub(crate) fn CartPage(props: &SceneProps) -> Html {
    let scene = props.scene.clone();
    let state = use_reducer(State::default);
    let wishes = use_mut_ref(Wishes::default);
    let ask = {
        let state = state.dispatcher();
        Callback::from(move |()| {
            let state = state.clone();
            state.dispatch(Action::Asked);
            spawn_local(async move {
                state.dispatch(Action::Came(ask_for(DOCUMENT, json!({})).await));
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| ask.emit(()));
    }
    let seen = use_mut_ref(Seen::last);
    {
        let now = state.cart.ready().map(Seen::of);
        use_effect_with(now, |now| now.iter().for_each(Seen::keep));
    }
    let change = {
        let (before, state, scene) = (state.clone(), state.dispatcher(), scene.clone());
        Callback::from(move |(product, quantity): (String, u32)| {
            state.dispatch(Action::Changing(product.clone(), quantity));
            if !wishes.borrow_mut().add(product, quantity) {
                return;
            }
            let (state, scene, wishes) = (state.clone(), scene.clone(), wishes.clone());
            let before = before.clone();
            // Goes on when the page is left, so that no wish is lost.
            spawn_local(async move {
                loop {
                    let next = wishes.borrow_mut().next();
                    let Some((product, quantity)) = next else { return };
                    let cart = tell(&product, quantity).await;
                    if let Ok(cart) = &cart {
                        scene.emit(CART_CHANGED, cart.count);
                        scene.announce(&before.told(&product, quantity, scene.say));
                    }
                    state.dispatch(Action::Changed(product, quantity, cart));
                }
            });
        })
    };
    let forget = {
        let state = state.dispatcher();
        Callback::from(move |()| state.dispatch(Action::Forgotten))
    };
    view::page(&scene, &PageProps { state: &state, seen: &seen.borrow(), ask, change, forget })
}

/// Gives a product a quantity; 0 takes it out.
async fn tell(product: &str, quantity: u32) -> Result<Cart, Failure> {
    let document = if quantity == 0 { REMOVE } else { SET };
    let quantity = (quantity > 0).then_some(quantity);
    ask_for(document, json!({ "product": product, "quantity": quantity })).await
}

async fn ask_for(document: &'static str, variables: Json) -> Result<Cart, Failure> {
    state::cart(graphql::ask(document, variables).await)
}
