//! A product as it is seen.

use ui_kit::contract::use_scene;
use ui_kit::view::{Empty, Failed, Picture, Price, Quantity, StockMark};
use ui_kit::{Money, Remote, Scene};
use yew::prelude::*;

use super::state::{Deed, Product, State};
use crate::card::Cards;

#[derive(Debug, PartialEq, Properties)]
pub(super) struct PageProps {
    pub(super) state: State,
    /// Asks again.
    pub(super) ask: Callback<()>,
    /// Puts what is wanted into the cart.
    pub(super) add: Callback<()>,
    /// Wants another number.
    pub(super) want: Callback<u32>,
}

#[component]
pub(super) fn Page(props: &PageProps) -> Html {
    let scene = use_scene();
    match &props.state.product {
        Remote::Loading => html! { <div class="page">{ skeleton() }</div> },
        Remote::Failed(failure) => html! {
            <div class="page"><Failed failure={failure.clone()} onretry={props.ask.clone()} /></div>
        },
        Remote::Ready(None) => html! {
            <div class="page">
                <Empty title={scene.say.t("product.unknown")} is_page=true>
                    <p>{ scene.say.t("product.unknown.text") }</p>
                    <p class="row"><a class="button" href="/products">{ scene.say.t("product.all") }</a></p>
                </Empty>
            </div>
        },
        Remote::Ready(Some(product)) => ready(&scene, product, props),
    }
}

fn ready(scene: &Scene, product: &Product, props: &PageProps) -> Html {
    let say = scene.say;
    let name = product.name.get(say.locale).to_owned();
    let related = product.related.clone().unwrap_or_default();
    html! {
        <div class="page">
            <article class="split">
                <Picture picture={["products/", &product.picture].concat()} alt={name.clone()} eager=true />
                <div class="stack">
                    <h1>{ name.clone() }</h1>
                    if let Some(money) = Money::pick(&product.prices, scene.currency) {
                        <p><Price {money} /></p>
                    }
                    if product.on_sale {
                        <StockMark stock={product.stock} />
                    } else {
                        <p class="notice warn">{ say.t("product.gone") }</p>
                    }
                    <p class="prose">{ product.description.get(say.locale).to_owned() }</p>
                    if product.can_be_bought() {
                        { buy(scene, product, name, props) }
                    }
                    { in_cart(scene, &props.state) }
                </div>
            </article>
            if !related.is_empty() {
                <section class="section"><h2>{ say.t("product.related") }</h2><Cards cards={related} /></section>
            }
        </div>
    }
}

fn buy(scene: &Scene, product: &Product, name: String, props: &PageProps) -> Html {
    let say = scene.say;
    let busy = props.state.deed == Deed::Pending;
    let onclick = props.add.reform(|_: MouseEvent| ());
    let text = say.t(if busy { "product.adding" } else { "product.add" });
    html! {
        <>
            <div class="buy">
                <Quantity value={props.state.wanted} of={name} most={product.stock.left.unwrap_or(99)} onchange={props.want.clone()} />
                <button type="button" class="button primary big" aria-busy={busy.to_string()} disabled={busy} {onclick}>{ text }</button>
            </div>
            if let Deed::Failed(_) = &props.state.deed {
                <p class="error" role="alert">{ say.t("product.add.failed") }</p>
            }
        </>
    }
}

/// What is in the cart already, and the way there.
fn in_cart(scene: &Scene, state: &State) -> Html {
    if state.in_cart == 0 {
        return html! {};
    }
    let count = state.in_cart.to_string();
    let class = if state.deed == Deed::Done { "notice ok" } else { "notice" };
    html! {
        <p {class}>
            <span>{ scene.say.with("product.in.cart", &[("n", &count)]) }</span>
            <a href="/cart">{ scene.say.t("product.to.cart") }</a>
        </p>
    }
}

fn skeleton() -> Html {
    html! {
        <div class="split" aria-hidden="true">
            <span class="skeleton skeleton-picture"></span>
            <div class="stack">
                <span class="skeleton skeleton-title"></span>
                <span class="skeleton skeleton-line skeleton-short"></span>
                <span class="skeleton skeleton-line"></span>
                <span class="skeleton skeleton-line"></span>
                <span class="skeleton skeleton-button"></span>
            </div>
        </div>
    }
}
