//! The list of products: search, filters and order live in the address.

pub(crate) mod filters;
mod state;
mod view;

use ui_kit::{Scene, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use filters::Filters;
use state::{Action, DOCUMENT, List};
use view::PageProps;

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct ListingProps {
    pub(crate) scene: Scene,
    pub(crate) filters: Filters,
}

#[component]
pub(crate) fn Listing(props: &ListingProps) -> Html {
    let scene = props.scene.clone();
    let list = use_reducer(List::default);
    let questions = use_mut_ref(|| 0_u32);
    let currency = scene.currency;

    let ask = {
        let (list, filters) = (list.dispatcher(), props.filters.clone());
        let questions = questions.clone();
        Callback::from(move |after: Option<String>| {
            let (list, filters) = (list.clone(), filters.clone());
            if after.is_none() {
                *questions.borrow_mut() += 1;
                list.dispatch(Action::Asked(*questions.borrow()));
            } else {
                list.dispatch(Action::MoreAsked);
            }
            let question = *questions.borrow();
            spawn_local(async move {
                let variables = filters.variables(currency, after.as_deref());
                list.dispatch(Action::Came(question, graphql::ask(DOCUMENT, variables).await));
            });
        })
    };
    {
        let ask = ask.clone();
        // Another currency compares other prices.
        let what = (props.filters.clone(), currency.code());
        use_effect_with(what, move |_| ask.emit(None));
    }
    {
        // Read out once it is known, for those who do not see the list change.
        let (scene, found) =
            (scene.clone(), list.goods.ready().map(|goods| view::found(scene.say, goods)));
        use_effect_with(found, move |found| {
            if let Some(found) = found {
                scene.announce(found);
            }
        });
    }
    view::page(&scene, &PageProps { filters: &props.filters, list: &list, ask })
}
