//! The checkout as it is seen: contact, payment, and what it comes to.

use ui_kit::query::address;
use ui_kit::view::{Picture, empty, failed, price, way};
use ui_kit::{Money, Remote, Scene};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::form::{CARD, CONTACT, Field, Method};
use super::refusal;
use super::state::{Access, Action, Deed, Desk, State};
use crate::waiting;

/// Numbers of the sandbox provider and what they do, as text keys.
const TEST_CARDS: [(&str, &str); 6] = [
    ("4242 4242 4242 4242", "card.approves"),
    ("4000 0000 0000 0002", "card.declines"),
    ("4000 0000 0000 9995", "card.poor"),
    ("4000 0000 0000 0341", "card.fails"),
    ("4000 0000 0000 6975", "card.slow"),
    ("4000 0000 0000 5126", "card.no.refund"),
];

#[derive(Debug)]
pub(super) struct PageProps<'p> {
    /// Of the page: whoever has to sign in comes back here.
    pub(super) address: &'p str,
    pub(super) state: &'p State,
    /// Asks again.
    pub(super) retry: Callback<()>,
    pub(super) act: Callback<Action>,
    /// Pays.
    pub(super) submit: Callback<()>,
}

pub(super) fn page(scene: &Scene, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let body = match &props.state.access {
        Remote::Loading => waiting::desk(2),
        Remote::Failed(failure) => failed(failure, &props.retry, say.locale),
        Remote::Ready(Access::SignedOut) => empty(
            say.t("pay.sign.in"),
            html! { <>
                <p>{ say.t("pay.sign.in.text") }</p>
                <div class="row">
                    <a class="button primary" href={back_from("/sign-in", props)}>{ say.t("pay.sign.in.go") }</a>
                    <a class="button" href={back_from("/register", props)}>{ say.t("pay.register") }</a>
                </div>
            </> },
        ),
        Remote::Ready(Access::Nothing) => empty(
            say.t("pay.nothing"),
            html! { <>
                <p>{ say.t("pay.nothing.text") }</p>
                { way("/orders", say.t("placed.orders")) }
            </> },
        ),
        Remote::Ready(Access::Open(desk)) if desk.cart.lines.is_empty() => {
            empty(say.t("cart.empty"), way("/products", say.t("cart.shop")))
        }
        Remote::Ready(Access::Open(desk)) => open(scene, desk, props),
    };
    let title = if props.address == "/checkout" { "pay.title" } else { "pay.again" };
    html! { <div class="page"><h1>{ say.t(title) }</h1>{ body }</div> }
}

/// A page that leads back to this one.
fn back_from(page: &str, props: &PageProps<'_>) -> String {
    address(page, &[("next", Some(props.address))])
}

fn open(scene: &Scene, desk: &Desk, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let onsubmit = props.submit.reform(|event: SubmitEvent| event.prevent_default());
    html! {
        <form class="desk" novalidate=true {onsubmit}>
            <div class="stack">
                <section class="panel part">
                    <header><span class="no">{ "1" }</span><h2>{ say.t("pay.contact") }</h2></header>
                    <div class="fields">for field in CONTACT { { input(scene, field, props) } }</div>
                </section>
                <section class="panel part">
                    <header><span class="no">{ "2" }</span><h2>{ say.t("pay.payment") }</h2></header>
                    { methods(scene, desk, props) }
                    if props.state.form.method == Method::New { { card(scene, props) } }
                </section>
            </div>
            { summary(scene, desk, props) }
        </form>
    }
}

fn input(scene: &Scene, field: Field, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let name = field.name();
    let id = ["pay-", name].concat();
    let error = props.state.wrong.contains(&field).then(|| [id.as_str(), "-error"].concat());
    let oninput = props.act.reform(move |event: InputEvent| {
        Action::Typed(field, event.target_unchecked_into::<HtmlInputElement>().value())
    });
    let inputmode = match field {
        Field::Number | Field::Cvc | Field::Expiry => "numeric",
        Field::Email => "email",
        _ => "text",
    };
    html! {
        <div ~className={if field == Field::Street { "field full" } else { "field" }}>
            <label for={id.clone()}>{ say.t(&["field.", name].concat()).to_owned() }</label>
            <input {id} {name} autocomplete={name} {inputmode} value={props.state.form.get(field).to_owned()} {oninput}
                aria-invalid={error.as_ref().map(|_| "true")} aria-describedby={error.clone()} />
            if let Some(id) = error { <p class="error" {id}>{ say.t(&["wrong.", name].concat()).to_owned() }</p> }
        </div>
    }
}

fn methods(scene: &Scene, desk: &Desk, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let choice = |method: Method, text: String, more: Option<String>| {
        let checked = props.state.form.method == method;
        let onchange = props.act.reform(move |_: Event| Action::Chosen(method.clone()));
        html! {
            <label class="choice">
                <input type="radio" name="method" {checked} {onchange} />
                <span>{ text }if let Some(more) = more { <small class="muted">{ more }</small> }</span>
            </label>
        }
    };
    let credit = desk.customer.credit(desk.currency(scene.currency));
    html! {
        <fieldset class="group">
            <legend class="visually-hidden">{ say.t("pay.payment") }</legend>
            for card in desk.customer.cards().iter() {
                { choice(Method::Stored(card.id.clone()), [&card.brand.to_ascii_uppercase(), " •••• ", &card.last4].concat(), None) }
            }
            { choice(Method::New, say.t("pay.card.new").to_owned(), None) }
            if let Some(credit) = credit {
                { choice(Method::StoreCredit, say.t("pay.credit").to_owned(),
                    Some(say.with("pay.credit.left", &[("price", &credit.show(say.locale))]))) }
            }
        </fieldset>
    }
}

fn card(scene: &Scene, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let chosen = props.state.form.get(Field::Number);
    html! {
        <div class="stack">
            <p class="hint">{ say.t("pay.test.cards") }</p>
            <div class="testcards">
                for (number, what) in TEST_CARDS {
                    <button type="button" aria-pressed={(chosen == number).to_string()}
                        onclick={props.act.reform(move |_: MouseEvent| Action::Typed(Field::Number, number.to_owned()))}>
                        <code>{ number }</code>{ say.t(what) }
                    </button>
                }
            </div>
            <div class="fields">for field in CARD { { input(scene, field, props) } }</div>
        </div>
    }
}

fn summary(scene: &Scene, desk: &Desk, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let busy = props.state.deed == Deed::Pending;
    let currency = desk.currency(scene.currency);
    let total = Money::pick(&desk.cart.totals, currency);
    let can_pay = desk.cart.can_be_ordered(currency);
    let (back, to_back) = match &desk.past {
        Some(past) => (["/orders/", &past.order].concat(), "placed.details"),
        None => ("/cart".to_owned(), "pay.to.cart"),
    };
    let text = match (busy, total) {
        (true, _) => say.t("pay.paying").to_owned(),
        (false, Some(total)) => say.with("pay.pay", &[("price", &total.show(say.locale))]),
        (false, None) => say.t("cart.no.total").to_owned(),
    };
    html! {
        <aside class="panel summary">
            <h2>{ say.t("pay.review") }</h2>
            <ul class="lines">
                for line in desk.cart.lines.iter() {
                    <li class="line" key={line.product_id.clone()}>
                        { Picture { name: line.picture(), size: "tiny", ..Picture::default() }.show() }
                        <span class="name">{ line.name(say.locale).to_owned() }{ " × " }{ line.quantity }</span>
                        if let Some(each) = Money::pick(&line.unit_prices, currency) { { price(each.times(line.quantity), say.locale) } }
                    </li>
                }
            </ul>
            <dl class="money"><div class="total"><dt>{ say.t("cart.total") }</dt><dd>{ total.map(|total| total.show(say.locale)) }</dd></div></dl>
            if !props.state.wrong.is_empty() { <p class="error" role="alert">{ say.t("pay.wrong") }</p> }
            { refused(scene, props) }
            if !can_pay { <p class="notice warn">{ say.t("pay.obstacle") }{ " " }<a href={back}>{ say.t(to_back) }</a></p> }
            <div class="pay stick">
                <button class="button primary big wide" aria-busy={busy.to_string()} disabled={busy || !can_pay}>{ text }</button>
            </div>
            <p class="hint">{ say.t("pay.demo") }</p>
        </aside>
    }
}

/// What the shop said, in the shopper's words.
fn refused(scene: &Scene, props: &PageProps<'_>) -> Html {
    let Deed::Refused(failure) = &props.state.deed else { return html! {} };
    let (say, key) = (scene.say, refusal::text(failure));
    html! {
        <div class="notice bad" role="alert"><p>{ say.t(key) }</p>
            if key == "refused.session" { <a href={back_from("/sign-in", props)}>{ say.t("pay.sign.in.go") }</a> }
            if key == "refused.full" { <a href="/account">{ say.t("pay.to.account") }</a> }
        </div>
    }
}
