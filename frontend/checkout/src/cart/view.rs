//! The cart as it is seen.

use ui_kit::view::{Picture, Quantity, empty, failed, price, way};
use ui_kit::{Money, Remote, Scene};
use yew::prelude::*;

use super::seen::Seen;
use super::state::State;
use crate::goods::{Cart, Line, Obstacle};
use crate::{signed_out, waiting};

#[derive(Debug)]
pub(super) struct PageProps<'p> {
    pub(super) state: &'p State,
    /// Prices of the visit before.
    pub(super) seen: &'p Seen,
    /// Asks again.
    pub(super) ask: Callback<()>,
    /// Gives a product a quantity; 0 takes it out.
    pub(super) change: Callback<(String, u32)>,
    /// Lets what was taken out go.
    pub(super) forget: Callback<()>,
}

pub(super) fn page(scene: &Scene, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let body = match &props.state.cart {
        Remote::Loading => waiting::desk(1),
        Remote::Failed(failure) if failure.is_signed_out() => {
            empty(say.t("cart.sign.in"), signed_out::way(say, "/cart"))
        }
        Remote::Failed(failure) => failed(failure, &props.ask, say.locale),
        Remote::Ready(cart) if cart.lines.is_empty() => empty(
            say.t("cart.empty"),
            html! { <>
                <p>{ say.t("cart.empty.text") }</p>
                { way("/products", say.t("cart.shop")) }
            </> },
        ),
        Remote::Ready(cart) => html! {
            <div class="desk">
                <ul class="panel lines">
                    for item in cart.lines.iter() { { line(scene, item, props) } }
                </ul>
                { summary(scene, cart, props.state.is_pending()) }
            </div>
        },
    };
    html! {
        <div class="page">
            <h1>{ say.t("cart.title") }</h1>
            if props.state.failed { <p class="notice bad" role="alert">{ say.t("cart.failed") }</p> }
            { body }
            { undo(scene, props) }
        </div>
    }
}

fn line(scene: &Scene, line: &Line, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let name = line.name(say.locale).to_owned();
    let (quantity, pending) = props.state.quantity(line);
    let product = line.product_id.clone();
    let onchange = props.change.reform(move |quantity| (product.clone(), quantity));
    let product = line.product_id.clone();
    let onremove = props.change.reform(move |_: MouseEvent| (product.clone(), 0));
    let each = Money::pick(&line.unit_prices, scene.currency);
    let title = match &line.product {
        Some(product) => {
            html! { <a class="name" href={["/products/", &product.slug].concat()}>{ name.clone() }</a> }
        }
        None => html! { <span class="name">{ name.clone() }</span> },
    };
    html! {
        <li class="line" key={line.product_id.clone()} aria-busy={pending.to_string()}>
            { Picture::named(line.picture()).show() }
            { title }
            if let Some(each) = each { { price(each.times(quantity), say.locale) } }
            if let Some(each) = each.filter(|_| quantity > 1) {
                <span class="sub">{ say.with("cart.each", &[("price", &each.show(say.locale))]) }</span>
            }
            if let Some((before, now)) = each.and_then(|now| Some((props.seen.before(line, now)?, now))) {
                <p class="notice">{ say.with("cart.price.changed", &[("before", &before.show(say.locale)), ("now", &now.show(say.locale))]) }</p>
            }
            if let Some(obstacle) = line.obstacle() { <p class="notice warn">{ why(scene, obstacle) }</p> }
            <div class="acts">
                { Quantity { value: quantity, of: name.clone(), pending, most: None, onchange }.show(say.locale) }
                <button type="button" class="button quiet" aria-label={say.with("cart.remove.of", &[("name", &name)])} onclick={onremove}>
                    { say.t("cart.remove") }
                </button>
            </div>
        </li>
    }
}

fn why(scene: &Scene, obstacle: Obstacle) -> String {
    match obstacle {
        Obstacle::Gone => scene.say.t("cart.gone").to_owned(),
        Obstacle::SoldOut => scene.say.t("cart.sold.out").to_owned(),
        Obstacle::Short(left) => scene.say.with("cart.short", &[("n", &left.to_string())]),
    }
}

fn summary(scene: &Scene, cart: &Cart, pending: bool) -> Html {
    let say = scene.say;
    let total = match Money::pick(&cart.totals, scene.currency) {
        Some(money) => price(money, say.locale),
        None => html! { say.t("cart.no.total") },
    };
    let ready = cart.can_be_ordered(scene.currency) && !pending;
    html! {
        <aside class="panel summary">
            <h2>{ say.t("cart.summary") }</h2>
            <dl class="money">
                <div class="total"><dt>{ say.t("cart.total") }<small>{ say.count("cart.items", usize::try_from(cart.count).unwrap_or_default()) }</small></dt><dd>{ total }</dd></div>
            </dl>
            if ready {
                <a class="button primary big wide" href="/checkout">{ say.t("cart.checkout") }</a>
            } else {
                <button type="button" class="button primary big wide" disabled=true>{ say.t("cart.checkout") }</button>
            }
        </aside>
    }
}

/// What was taken out, and the way back.
fn undo(scene: &Scene, props: &PageProps<'_>) -> Html {
    let Some(removed) = props.state.removed.clone() else { return html! {} };
    let say = scene.say;
    let name = removed.name(say.locale).to_owned();
    let onclick =
        props.change.reform(move |_: MouseEvent| (removed.product_id.clone(), removed.quantity));
    let forget = props.forget.reform(|_: MouseEvent| ());
    html! {
        <div class="toasts">
            <div class="toast">
                <span>{ say.with("cart.removed", &[("name", &name)]) }</span>
                <button type="button" {onclick}>{ say.t("cart.undo") }</button>
                <button type="button" aria-label={say.t("close")} onclick={forget}>{ "×" }</button>
            </div>
        </div>
    }
}
