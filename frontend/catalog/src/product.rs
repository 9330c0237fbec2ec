//! One product.

mod gallery;
mod state;
mod view;

use json_kit::json;
use ui_kit::event::{CART_CHANGED, TITLE};
use ui_kit::{Scene, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::recent;
use state::{ADD, Action, Added, DOCUMENT, State};
use view::PageProps;

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct ProductProps {
    pub(crate) scene: Scene,
    pub(crate) slug: String,
}

#[component]
pub(crate) fn Product(props: &ProductProps) -> Html {
    let scene = props.scene.clone();
    let state = use_reducer(State::default);
    let ask = {
        let (state, slug) = (state.dispatcher(), props.slug.clone());
        Callback::from(move |()| {
            let (state, variables) = (state.clone(), json!({ "slug": slug }));
            state.dispatch(Action::Asked);
            spawn_local(async move {
                let answer = graphql::ask(DOCUMENT, variables).await;
                state.dispatch(Action::Came(Box::new(answer)));
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| ask.emit(()));
    }
    {
        let product = state.product.ready().and_then(Option::as_ref);
        let known = product.map(|it| (it.id.clone(), it.name.get(scene.say.locale).to_owned()));
        let scene = scene.clone();
        use_effect_with(known, move |known| {
            if let Some((id, name)) = known {
                recent::note(id);
                scene.emit(TITLE, [name, " · Saga Shop"].concat());
            }
        });
    }
    let add = {
        let (state, scene) = (state.clone(), scene.clone());
        Callback::from(move |()| {
            let Some(Some(product)) = state.product.ready() else { return };
            let variables = json!({ "product": product.id, "quantity": state.wanted });
            let (state, scene) = (state.dispatcher(), scene.clone());
            state.dispatch(Action::Adding);
            spawn_local(async move {
                let added = graphql::ask::<Added>(ADD, variables).await;
                let cart = added.map(|answer| answer.data.add_to_cart);
                if let Ok(cart) = &cart {
                    scene.emit(CART_CHANGED, cart.count.unwrap_or_default());
                    scene.announce(scene.say.t("product.added"));
                }
                state.dispatch(Action::Added(cart));
            });
        })
    };
    let want = {
        let state = state.dispatcher();
        Callback::from(move |count| state.dispatch(Action::Wanted(count)))
    };
    let look = {
        let state = state.dispatcher();
        Callback::from(move |view| state.dispatch(Action::Looked(view)))
    };
    view::page(&scene, &PageProps { state: &state, ask, add, want, look })
}
