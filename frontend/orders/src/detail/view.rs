//! An order as it is seen: what happens, what was bought, where the money is.

use ui_kit::query::address;
use ui_kit::time::{self, Shown};
use ui_kit::view::{Picture, empty_page, order_number, price, way};
use ui_kit::{Remote, Say, Scene};
use yew::prelude::*;

use super::badge;
use super::state::{Deed, Line, Movement, MovementKind, Order, State, Step};
use crate::hood::Hood;
use crate::list;

#[derive(Debug)]
pub(super) struct PageProps<'p> {
    pub(super) id: &'p str,
    pub(super) state: &'p State,
    /// Asks again.
    pub(super) ask: Callback<()>,
    pub(super) cancel: Callback<()>,
    pub(super) buy_again: Callback<()>,
}

pub(super) fn page(scene: &Scene, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let body = match &props.state.order {
        Remote::Loading => html! {
            <div class="detail" aria-hidden="true">
                <div class="panel"><div class="skeleton skeleton-title"></div><div class="skeleton skeleton-block"></div></div>
                <div class="panel"><div class="skeleton skeleton-block"></div></div>
            </div>
        },
        Remote::Failed(failure) => {
            list::failed(say, failure, &["/orders/", props.id].concat(), props.ask.clone())
        }
        Remote::Ready(None) => {
            empty_page(say.t("detail.unknown"), way("/orders", say.t("list.title")))
        }
        Remote::Ready(Some(order)) => ready(scene, order, props),
    };
    html! { <div class="page">{ body }</div> }
}

fn ready(scene: &Scene, order: &Order, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    html! {
        <>
            <div class="head"><h1>{ say.with("list.number", &[("number", order_number(props.id))]) }</h1>{ badge(say, order.status) }</div>
            <p class="muted small">{ time::show(&order.placed_at, Shown::Minute, say.locale) }{ " · " }<code>{ props.id.to_owned() }</code></p>
            if order.degraded { <p class="notice warn">{ say.t("detail.degraded") }</p> }
            if let Some(why) = order.why() { <p class="notice">{ say.t(why) }</p> }
            { actions(scene, order, props) }
            <div class="detail">
                <div class="stack">
                    <section class="panel">
                        <h2>{ say.t("detail.steps") }</h2>
                        <ol class="timeline">for step in order.steps() { { step_of(say, step) } }</ol>
                        if props.state.is_deaf() { <p class="hint">{ say.t("detail.not.live") }</p> }
                    </section>
                    <section class="panel">
                        <h2>{ say.t("detail.items") }</h2>
                        <ul class="lines">for item in order.lines.iter() { { line(say, item, order.short_of(item)) } }</ul>
                    </section>
                </div>
                <div class="stack">
                    <section class="panel">
                        <h2>{ say.t("detail.money") }</h2>
                        <dl class="money">
                            for movement in order.movements.iter() { { moved(say, movement) } }
                            <div class="total"><dt>{ say.t("detail.total") }</dt><dd>{ order.total.show(say.locale) }</dd></div>
                        </dl>
                    </section>
                    { ship_to(say, order) }
                </div>
            </div>
            <Hood scene={scene.clone()} id={props.id.to_owned()} told={order.told()} />
        </>
    }
}

fn actions(scene: &Scene, order: &Order, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let deed = &props.state.deed;
    let busy = deed.is_pending();
    let refused = match deed {
        Deed::Refused(failure) if failure.code() == Some("too-late-to-cancel") => "detail.too.late",
        Deed::Refused(failure) if failure.is_signed_out() => "detail.session",
        Deed::Refused(_) => "detail.failed",
        Deed::Idle | Deed::Cancelling | Deed::Buying | Deed::LeftOut(_) => "",
    };
    let here = ["/orders/", props.id].concat();
    let sign_in = address("/sign-in", &[("next", Some(&here))]);
    html! {
        <>
            if !refused.is_empty() {
                <p class="notice bad" role="alert">{ say.t(refused).to_owned() }
                    if refused == "detail.session" { { " " }<a href={sign_in}>{ say.t("list.sign.in") }</a> }
                </p>
            }
            if let Deed::LeftOut(products) = deed {
                <p class="notice warn" role="alert">
                    { say.with("detail.left.out", &[("names", &order.names(products, say.locale))]) }{ " " }
                    <a href="/cart">{ say.t("detail.to.cart") }</a>
                </p>
            }
            <div class="actions">
                if order.can_be_paid_again() {
                    <a class="button primary" href={["/checkout/again/", props.id].concat()}>{ say.t("detail.pay.again") }</a>
                }
                if order.can_be_cancelled(time::now()) {
                    <button type="button" class="button danger" aria-busy={(*deed == Deed::Cancelling).to_string()} disabled={busy}
                        onclick={props.cancel.reform(|_: MouseEvent| ())}>{ say.t("detail.cancel") }</button>
                }
                <button type="button" class="button" aria-busy={(*deed == Deed::Buying).to_string()} disabled={busy}
                    onclick={props.buy_again.reform(|_: MouseEvent| ())}>{ say.t("detail.again") }</button>
            </div>
        </>
    }
}

fn step_of(say: Say, (class, text, at): Step<'_>) -> Html {
    html! {
        <li ~className={class} aria-current={(class == "now").then_some("step")}>
            <span>{ say.t(text).to_owned() }</span>
            if let Some(at) = at { <time datetime={at.to_owned()}>{ time::show(at, Shown::Second, say.locale) }</time> }
        </li>
    }
}

/// How many there were of what could not be held.
fn left_of_it(say: Say, left: u32) -> String {
    match left {
        0 => say.t("detail.short.none").to_owned(),
        left => say.with("detail.short", &[("n", &left.to_string())]),
    }
}

fn line(say: Say, line: &Line, short: Option<u32>) -> Html {
    let name = line.name.get(say.locale).to_owned();
    let picture = line.product.as_ref().map(|product| ["products/", &product.picture].concat());
    html! {
        <li class="line" key={line.product_id.clone()}>
            { Picture { name: picture.unwrap_or_default(), size: "mini", ..Picture::default() }.show() }
            if let Some(product) = &line.product {
                <a class="name" href={["/products/", &product.slug].concat()}>{ name }</a>
            } else {
                <span class="name">{ name }</span>
            }
            { price(line.total, say.locale) }
            <span class="sub">{ "× " }{ line.quantity }</span>
            if let Some(left) = short { <p class="notice warn">{ left_of_it(say, left) }</p> }
        </li>
    }
}

fn moved(say: Say, movement: &Movement) -> Html {
    let (class, key) = match movement.kind {
        MovementKind::Charge => ("", "money.charge"),
        MovementKind::ChargeFailed => ("void", "money.failed"),
        MovementKind::Refund => ("back", "money.refund"),
        MovementKind::RefundParked => ("", "money.parked"),
    };
    let card = movement.method.as_ref().and_then(|method| {
        let brand = method.brand.as_ref()?.to_ascii_uppercase();
        Some([" · ", &brand, " •••• ", method.last4.as_ref()?].concat())
    });
    let why = movement.why().map(|why| [" · ", say.t(why)].concat());
    let more = card.unwrap_or_default() + &why.unwrap_or_default();
    html! {
        <div ~className={class}>
            <dt>{ say.t(key) }<small>{ time::show(&movement.at, Shown::Minute, say.locale) }{ more }</small></dt>
            <dd>{ movement.amount.show(say.locale) }</dd>
        </div>
    }
}

fn ship_to(say: Say, order: &Order) -> Html {
    let Some(ship_to) = &order.ship_to else { return html! {} };
    let address = &ship_to.address;
    html! {
        <section class="panel">
            <h2>{ say.t("detail.ship.to") }</h2>
            <p>{ ship_to.name.clone() }<br />{ address.street.clone() }<br />
                { address.postal_code.clone() }{ " " }{ address.city.clone() }{ ", " }{ address.country.clone() }</p>
        </section>
    }
}
