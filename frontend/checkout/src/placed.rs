//! A placed order: what it waits for, live.

mod state;
mod view;

use json_kit::json;
use ui_kit::live::{Heard, use_updates};
use ui_kit::{Scene, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use state::{Action, DOCUMENT, State, Status, UPDATES};
use view::PageProps;

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct PlacedProps {
    pub(crate) scene: Scene,
    pub(crate) id: String,
}

#[component]
pub(crate) fn PlacedPage(props: &PlacedProps) -> Html {
    let scene = props.scene.clone();
    let state = use_reducer(State::default);
    let load = {
        let (state, id) = (state.dispatcher(), props.id.clone());
        Callback::from(move |()| {
            let (state, variables) = (state.clone(), json!({ "id": id }));
            spawn_local(async move {
                state.dispatch(Action::Came(graphql::ask(DOCUMENT, variables).await));
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
        let (dispatcher, may_change) = (state.dispatcher(), state.may_change());
        use_updates(UPDATES, &props.id, may_change, move |heard| match heard {
            Heard::Next(answer) => dispatcher.dispatch(Action::Updated(answer)),
            Heard::Interrupted => {
                dispatcher.dispatch(Action::Interrupted);
                load.emit(());
            }
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
    view::page(&scene, &PageProps { id: &props.id, state: &state, ask })
}
