//! A placed order: what it waits for, live.

mod state;
mod view;

use json_kit::json;
use ui_kit::live::{Heard, use_updates};
use ui_kit::{Scene, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use state::{Action, DOCUMENT, State, UPDATES};
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
        let (dispatcher, until) = (state.dispatcher(), state.news_until());
        use_updates(UPDATES, &props.id, until, move |heard| match heard {
            Heard::Next(answer) => dispatcher.dispatch(Action::Updated(answer)),
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
    view::page(&scene, &PageProps { id: &props.id, state: &state, ask })
}
