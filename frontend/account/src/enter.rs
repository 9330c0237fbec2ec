//! Signing in and registering.

mod demo;
pub(crate) mod state;
mod view;

use ui_kit::event::{CART_CHANGED, SESSION_CHANGED};
use ui_kit::{Scene, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use state::{Action, Data, Deed, Door, State};

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct EnterProps {
    pub(crate) scene: Scene,
    pub(crate) door: Door,
    /// Where to go afterwards.
    pub(crate) next: String,
}

#[component]
pub(crate) fn EnterPage(props: &EnterProps) -> Html {
    let scene = props.scene.clone();
    let state = use_reducer(State::default);
    let accounts = use_state(|| None);
    {
        let accounts = accounts.setter();
        use_effect_with((), move |()| {
            spawn_local(async move { accounts.set(Some(demo::accounts().await)) });
        });
    }
    let act = {
        let state = state.dispatcher();
        Callback::from(move |action| state.dispatch(action))
    };
    let submit = {
        let (state, scene, door, next) =
            (state.clone(), scene.clone(), props.door, props.next.clone());
        Callback::from(move |()| {
            state.dispatch(Action::Checked(door));
            if !state.wrong_at(door).is_empty() || state.deed == Deed::Pending {
                return;
            }
            state.dispatch(Action::Submitted);
            let (document, variables) = state.request(door, scene.say.locale);
            let (state, scene, next) = (state.dispatcher(), scene.clone(), next.clone());
            spawn_local(async move {
                match graphql::ask::<Data>(document, variables).await {
                    Ok(answer) => {
                        let entered = answer.data.entered;
                        scene.emit(SESSION_CHANGED, entered.customer.name.as_str());
                        if let Some(cart) = entered.cart {
                            scene.emit(CART_CHANGED, cart.count);
                        }
                        scene.announce(scene.say.t("enter.done"));
                        scene.go(&next);
                    }
                    Err(failure) => state.dispatch(Action::Refused(failure)),
                }
            });
        })
    };
    html! { <view::Page scene={scene.clone()} door={props.door} next={props.next.clone()} state={(*state).clone()} accounts={(*accounts).clone()} {act} {submit} /> }
}
