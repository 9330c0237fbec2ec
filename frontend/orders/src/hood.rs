//! Under the hood: the saga as a sequence diagram, asked for only when it is looked at.

mod lesson;
mod state;

use json_kit::json;
use ui_kit::live::Timer;
use ui_kit::time::{self, Shown};
use ui_kit::view::failed;
use ui_kit::{Remote, Say, Scene, graphql};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use state::{DOCUMENT, Event, LANES, Receipt, Saga, State, lane};

/// By then everyone has taken in what the order page has just heard of.
const ONCE_MORE_MS: i32 = 1_500;

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct HoodProps {
    pub(crate) scene: Scene,
    pub(crate) id: String,
    /// How many events the order page knows of: with each, it is asked anew.
    pub(crate) told: usize,
}

#[component]
pub(crate) fn Hood(props: &HoodProps) -> Html {
    let scene = props.scene.clone();
    let say = scene.say;
    let is_open = use_state(|| false);
    let saga = use_reducer(State::default);
    let ask = {
        let (saga, id) = (saga.dispatcher(), props.id.clone());
        Callback::from(move |()| {
            let (saga, variables) = (saga.clone(), json!({ "id": id }));
            spawn_local(async move { saga.dispatch(graphql::ask(DOCUMENT, variables).await) });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((*is_open, props.told), move |(is_open, _)| {
            let again = is_open.then(|| {
                ask.emit(());
                Timer::after(ONCE_MORE_MS, move || ask.emit(()))
            });
            move || drop(again)
        });
    }
    let onchange = {
        let is_open = is_open.clone();
        Callback::from(move |_: web_sys::Event| is_open.set(!*is_open))
    };
    let body = match &saga.0 {
        _ if !*is_open => html! {},
        Remote::Loading => html! { <div class="skeleton skeleton-block" aria-hidden="true"></div> },
        Remote::Failed(failure) => failed(failure, &ask, say.locale),
        Remote::Ready(saga) => diagram(say, saga),
    };
    html! {
        <section class="section">
            <label class="switch"><input type="checkbox" role="switch" checked={*is_open} {onchange} />{ say.t("hood.title") }</label>
            { body }
        </section>
    }
}

fn diagram(say: Say, saga: &Saga) -> Html {
    html! {
        <section class="saga">
            <p class="hint">{ say.t("hood.text") }</p>
            if !saga.silent_services.is_empty() {
                <p class="notice warn">{ say.with("hood.silent", &[("services", &saga.silent_services.join(", "))]) }</p>
            }
            <div class="seq">
                <ul class="lanes" aria-hidden="true">for name in LANES { <li>{ name }</li> }</ul>
                <ol>for event in saga.events.iter() { { event_of(say, saga, event) } }</ol>
            </div>
            <p class="why">{ say.t("hood.always") }for (name, page) in lesson::ALWAYS { { place(name, page) } }</p>
        </section>
    }
}

fn event_of(say: Say, saga: &Saga, event: &Event) -> Html {
    let (a, b) = event.span().unwrap_or((1, 1));
    let from = lane(&event.producer);
    html! {
        <li ~className={event.class()}>
            <p class="what">
                <code>{ event.kind.clone() }</code>
                <time datetime={event.at.clone()}>{ time::show(&event.at, Shown::Second, say.locale) }</time>
                if let Some(since) = saga.since(event).filter(|since| *since > 0) { <small class="muted">{ "+" }{ since }{ " ms" }</small> }
                if let Some(reason) = &event.reason { <span>{ reason.clone() }</span> }
            </p>
            <div class="hops">
                if a < b { <i class="wire" data-a={a.to_string()} data-b={b.to_string()}></i> }
                if let Some(at) = from { <span class="from" data-at={at.to_string()}><b>{ event.producer.clone() }</b></span> }
                for receipt in event.taken_in.iter() { { taken(receipt, from) } }
            </div>
            <p class="why">
                if let Some(trace) = &event.trace_id { <span>{ say.t("hood.trace") }{ " " }<code>{ trace.clone() }</code></span> }
                { lesson(say, event) }
            </p>
        </li>
    }
}

/// Where to read on: the pattern's page and the code.
fn lesson(say: Say, event: &Event) -> Html {
    let Some((pattern, source)) = lesson::of(event) else { return html! {} };
    html! {
        <>
            { place(say.t("hood.pattern"), pattern) }
            { place(say.t("hood.source"), source) }
        </>
    }
}

/// A link to a file: where the code is published, else as the shop itself shows it.
fn place(what: &str, path: &str) -> Html {
    let href = match lesson::REPOSITORY {
        "" => ["/source/", path].concat(),
        repository => [repository, "/blob/main/", path].concat(),
    };
    html! { <span>{ what.to_owned() }{ " " }<a {href}><code>{ path.to_owned() }</code></a></span> }
}

fn taken(receipt: &Receipt, from: Option<usize>) -> Html {
    let Some(at) = lane(&receipt.service) else { return html! {} };
    let back = if from.is_some_and(|from| at < from) { " back" } else { "" };
    let again = if receipt.attempt > 1 { " again" } else { "" };
    html! {
        <span ~className={["took", back, again].concat()} data-at={at.to_string()}>
            <b>{ receipt.service.clone() }</b>
            <small>{ "#" }{ receipt.attempt }if let Some(took) = receipt.took() { { " · " }{ took }{ " ms" } }</small>
        </span>
    }
}
