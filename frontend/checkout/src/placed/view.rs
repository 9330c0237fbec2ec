//! The placed order as it is seen.

use ui_kit::time::{self, Shown};
use ui_kit::view::{empty_page, failed, icon, way};
use ui_kit::{Remote, Scene};
use yew::prelude::*;

use super::state::{Order, Progress, State, Status, Step};
use crate::{signed_out, waiting};

#[derive(Debug)]
pub(super) struct PageProps<'p> {
    pub(super) id: &'p str,
    pub(super) state: &'p State,
    /// Asks again.
    pub(super) ask: Callback<()>,
}

pub(super) fn page(scene: &Scene, props: &PageProps<'_>) -> Html {
    let body = match &props.state.order {
        Remote::Loading => waiting::panel("skeleton skeleton-title"),
        Remote::Failed(failure) if failure.is_signed_out() => {
            let here = ["/checkout/placed/", props.id].concat();
            empty_page(scene.say.t("placed.sign.in"), signed_out::way(scene.say, &here))
        }
        Remote::Failed(failure) => failed(failure, &props.ask, scene.say.locale),
        Remote::Ready(None) => {
            empty_page(scene.say.t("placed.unknown"), way("/orders", scene.say.t("placed.orders")))
        }
        Remote::Ready(Some(order)) => ready(scene, order, props),
    };
    html! { <div class="page narrow">{ body }</div> }
}

fn ready(scene: &Scene, order: &Order, props: &PageProps<'_>) -> Html {
    let say = scene.say;
    let (mark, drawn, title) = match order.status {
        Status::Provisional => ("mark", "orders", "placed.received"),
        Status::Confirmed => ("mark ok", "check", "placed.confirmed"),
        Status::Cancelled => ("mark bad", "cross", "placed.cancelled"),
    };
    let details = ["/orders/", props.id].concat();
    html! {
        <>
            <header class="placed">
                <h1><span ~className={mark}>{ icon(drawn) }</span>{ say.t(title) }</h1>
                <p class="lead">{ lead(scene, order) }</p>
            </header>
            <section class="panel">
                <ol class="timeline">for step in order.steps() { { step_of(scene, step) } }</ol>
                if props.state.is_open() && !props.state.is_live {
                    <p class="hint">{ say.t("placed.not.live") }</p>
                }
            </section>
            <div class="actions">
                if order.can_be_paid_again() {
                    <a class="button primary" href={["/checkout/again/", props.id].concat()}>{ say.t("placed.again") }</a>
                    <a class="button" href={details}>{ say.t("placed.details") }</a>
                } else {
                    <a class="button primary" href={details}>{ say.t("placed.details") }</a>
                    <a class="button" href="/products">{ say.t("placed.more") }</a>
                }
            </div>
        </>
    }
}

/// What is going on, and why where it went wrong.
fn lead(scene: &Scene, order: &Order) -> String {
    let say = scene.say;
    let why = match (order.status, order.reason.as_deref()) {
        (Status::Provisional, _) => "lead.received",
        (Status::Confirmed, _) => "lead.confirmed",
        (Status::Cancelled, Some("PAYMENT_FAILED")) => "lead.not.paid",
        (Status::Cancelled, Some("OUT_OF_STOCK")) => {
            let short = order.short().map(|(name, left)| {
                say.with(
                    if left == 0 { "lead.short.none" } else { "lead.short.one" },
                    &[("name", name.get(say.locale)), ("n", &left.to_string())],
                )
            });
            let short = short.collect::<Vec<_>>().join(" ");
            return [say.t("lead.short"), " ", &short].concat();
        }
        (Status::Cancelled, Some("TIMED_OUT")) => "lead.timed.out",
        (Status::Cancelled, _) => "lead.cancelled",
    };
    say.with(why, &[("price", &order.total.show(say.locale))])
}

fn step_of(scene: &Scene, (text, progress, at): Step<'_>) -> Html {
    let class = match progress {
        Progress::Done => "done",
        Progress::Now => "now",
        Progress::Todo => "todo",
        Progress::Bad => "bad",
    };
    html! {
        <li ~className={class} aria-current={(progress == Progress::Now).then_some("step")}>
            <span>{ scene.say.t(text).to_owned() }</span>
            if let Some(at) = at {
                <time datetime={at.to_owned()}>{ time::show(at, Shown::Second, scene.say.locale) }</time>
            }
        </li>
    }
}
