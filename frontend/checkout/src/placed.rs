//! A placed order: what it waits for, live.

mod state;
mod view;

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::json;
use ui_kit::contract::use_scene;
use ui_kit::graphql;
use ui_kit::live::{Heard, Stream};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use state::{Action, DOCUMENT, State, Status, UPDATES};

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct PlacedProps {
    pub(crate) id: String,
}

#[component]
pub(crate) fn PlacedPage(props: &PlacedProps) -> Html {
    let scene = use_scene();
    let state = use_reducer(State::default);
    let ask = {
        let (state, id) = (state.dispatcher(), props.id.clone());
        Callback::from(move |()| {
            let (state, variables) = (state.clone(), json!({ "id": id }));
            state.dispatch(Action::Asked);
            spawn_local(async move {
                state.dispatch(Action::Came(graphql::ask(DOCUMENT, variables).await));
            });
        })
    };
    {
        let (ask, state, id) = (ask.clone(), state.dispatcher(), props.id.clone());
        use_effect_with((), move |()| {
            ask.emit(());
            let stream = listen(&id, state);
            move || drop(stream)
        });
    }
    {
        // Read out when it is decided: the one change nobody may miss.
        let order = state.order.ready().and_then(Option::as_ref);
        let status = order.map(|order| order.status);
        let scene = scene.clone();
        use_effect_with(status, move |status| match status {
            Some(Status::Confirmed) => scene.announce(scene.say.t("placed.confirmed")),
            Some(Status::Cancelled) => scene.announce(scene.say.t("placed.cancelled")),
            Some(Status::Provisional) | None => {}
        });
    }
    html! { <view::Page id={props.id.clone()} state={(*state).clone()} {ask} /> }
}

/// Listens until it is dropped; an end is not an interruption.
fn listen(id: &str, state: UseReducerDispatcher<State>) -> Rc<RefCell<Option<Stream>>> {
    let kept = Rc::new(RefCell::new(None));
    let hear = move |heard| match heard {
        Heard::Next(answer) => state.dispatch(Action::Updated(answer)),
        Heard::Interrupted => state.dispatch(Action::Interrupted),
        Heard::Ended => {}
    };
    *kept.borrow_mut() = Stream::open(UPDATES, &json!({ "id": id }), hear).ok();
    kept
}
