//! A product as it is seen.

use ui_kit::view::{Quantity, empty_page, failed, price, stock_mark};
use ui_kit::{Money, Remote, Scene};
use yew::prelude::*;

use super::gallery;
use super::state::{Deed, Product, State};
use crate::card::cards;

#[derive(Debug)]
pub(super) struct PageProps<'p> {
    pub(super) state: &'p State,
    /// Asks again.
    pub(super) ask: Callback<()>,
    /// Puts what is wanted into the cart.
    pub(super) add: Callback<()>,
    /// Wants another number.
    pub(super) want: Callback<u32>,
    /// Looks at another view of it.
    pub(super) look: Callback<usize>,
}

pub(super) fn page(scene: &Scene, props: &PageProps<'_>) -> Html {
    match &props.state.product {
        Remote::Loading => html! { <div class="page">{ skeleton() }</div> },
        Remote::Failed(failure) => html! {
            <div class="page">{ failed(failure, &props.ask, scene.say.locale) }</div>
        },
        Remote::Ready(None) => html! {
            <div class="page">
                { empty_page(scene.say.t("product.unknown"), html! { <>
                    <p>{ scene.say.t("product.unknown.text") }</p>
                    <p class="row"><a class="button" href="/products">{ scene.say.t("product.all") }</a></p>
                </> }) }
            </div>
        },
        Remote::Ready(Some(product)) => ready(scene, product, props),
    }
}

fn ready(scene: &Scene, product: &Product, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let name = product.name.get(say.locale).to_owned();
    html! {
        <div class="page">
            <article class="split">
                { gallery::show(say, &product.picture, &name, props.state.looked_at, &props.look) }
                <div class="stack">
                    <h1>{ name.clone() }</h1>
                    if let Some(money) = Money::pick(&product.prices, scene.currency) {
                        <p>{ price(money, scene.say.locale) }</p>
                    }
                    if product.on_sale {
                        { stock_mark(product.stock, scene.say.locale) }
                    } else {
                        <p class="notice warn">{ say.t("product.gone") }</p>
                    }
                    <p class="prose">{ product.description.get(say.locale).to_owned() }</p>
                    if product.can_be_bought() {
                        { buy(scene, product, name, props) }
                    }
                    { in_cart(scene, props.state) }
                </div>
            </article>
            if let Some(related) = product.related.as_ref().filter(|related| !related.is_empty()) {
                <section class="section"><h2>{ say.t("product.related") }</h2>{ cards(scene, related, 0) }</section>
            }
        </div>
    }
}

fn buy(scene: &Scene, product: &Product, name: String, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let busy = props.state.deed == Deed::Pending;
    let onclick = props.add.reform(|_: MouseEvent| ());
    let text = say.t(if busy { "product.adding" } else { "product.add" });
    let quantity = Quantity {
        value: props.state.wanted,
        of: name,
        pending: false,
        most: product.stock.left,
        onchange: props.want.clone(),
    };
    html! {
        <>
            <div class="buy">
                { quantity.show(say.locale) }
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
        <p ~className={class}>
            <span>{ scene.say.with("product.in.cart", &[("n", &count)]) }</span>
            <a href="/cart">{ scene.say.t("product.to.cart") }</a>
        </p>
    }
}

fn skeleton() -> Html {
    html! {
        <div class="split" aria-hidden="true">
            <div class="gallery">
                <span class="skeleton skeleton-picture"></span>
                <div class="thumbs"><span class="skeleton skeleton-thumb"></span></div>
            </div>
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
