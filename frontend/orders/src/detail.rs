//! One order.

pub(crate) mod state;
mod view;

use json_kit::json;
use ui_kit::event::CART_CHANGED;
use ui_kit::live::{Heard, use_updates};
use ui_kit::{Say, Scene, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use state::{Action, Again, BUY_AGAIN, Bought, CANCEL, DOCUMENT, Deed, State, Status, UPDATES};
use view::PageProps;

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct DetailProps {
    pub(crate) scene: Scene,
    pub(crate) id: String,
}

#[component]
pub(crate) fn DetailPage(props: &DetailProps) -> Html {
    let scene = props.scene.clone();
    let state = use_reducer(State::default);
    let load = {
        let (state, id) = (state.dispatcher(), props.id.clone());
        Callback::from(move |()| {
            let (state, variables) = (state.clone(), json!({ "id": id }));
            spawn_local(async move {
                let answer = graphql::ask(DOCUMENT, variables).await;
                state.dispatch(Action::Came(Box::new(answer)));
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
        let ask = ask.clone();
        use_effect_with((), move |()| ask.emit(()));
    }
    {
        let (dispatcher, until) = (state.dispatcher(), state.news_until());
        use_updates(UPDATES, &props.id, until, move |heard| match heard {
            Heard::Next(answer) => dispatcher.dispatch(Action::Updated(Box::new(answer))),
            Heard::Interrupted => {
                dispatcher.dispatch(Action::Interrupted);
                load.emit(());
            }
        });
    }
    {
        let scene = scene.clone();
        use_effect_with(state.news(), move |news| scene.announce_all(news));
    }
    let cancel = {
        let (state, id) = (state.clone(), props.id.clone());
        Callback::from(move |()| {
            if state.deed.is_pending() {
                return;
            }
            let (state, variables) = (state.dispatcher(), json!({ "id": id }));
            state.dispatch(Action::Submitted(Deed::Cancelling));
            spawn_local(async move {
                match graphql::ask(CANCEL, variables).await {
                    Ok(answer) => state.dispatch(Action::Done(Box::new(answer))),
                    Err(failure) => state.dispatch(Action::Refused(failure)),
                }
            });
        })
    };
    let buy_again = {
        let (state, id, scene) = (state.clone(), props.id.clone(), scene.clone());
        Callback::from(move |()| {
            // It adds to the cart, each time.
            if state.deed.is_pending() {
                return;
            }
            let (state, variables, scene) =
                (state.dispatcher(), json!({ "id": id }), scene.clone());
            state.dispatch(Action::Submitted(Deed::Buying));
            spawn_local(async move {
                match graphql::ask::<Bought>(BUY_AGAIN, variables).await {
                    Ok(answer) => {
                        let Again { cart, left_out } = answer.data.buy_again;
                        scene.emit(CART_CHANGED, cart.count);
                        if left_out.is_empty() {
                            scene.go("/cart");
                        } else {
                            state.dispatch(Action::LeftOut(left_out));
                        }
                    }
                    Err(failure) => state.dispatch(Action::Refused(failure)),
                }
            });
        })
    };
    view::page(&scene, &PageProps { id: &props.id, state: &state, ask, cancel, buy_again })
}

/// A status in words, with a mark of its own form.
pub(crate) fn badge(say: Say, status: Status) -> Html {
    let (class, key) = match status {
        Status::Provisional => ("badge wait", "status.PROVISIONAL"),
        Status::Confirmed => ("badge ok", "status.CONFIRMED"),
        Status::Cancelled => ("badge bad", "status.CANCELLED"),
    };
    html! { <span ~className={class}>{ say.t(key) }</span> }
}
