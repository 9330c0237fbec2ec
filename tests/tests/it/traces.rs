//! What a collector is told: the whole story of an order, and nothing secret.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use testkit::eventually;
use xtask::local_shop::Plan;
use xtask::shop_env::KINDS;

use crate::browser::Browser;
use crate::collector::{Collector, Span};
use crate::logs;
use crate::stage::{SOON, Stage};

static COLLECTOR: LazyLock<Collector> = LazyLock::new(Collector::start);

/// Who has a part in an order that goes through.
const THROUGH: [&str; 7] =
    ["web-bff", "order", "payment", "sandbox-provider", "catalog", "email", "order-history"];

/// Has every process send its traces here.
pub(crate) fn are_collected(plan: &mut Plan) {
    for kind in KINDS {
        let url = COLLECTOR.url().to_owned();
        plan.settings.push((kind.name.to_owned(), "SHOP_TELEMETRY__OTLP_URL".to_owned(), url));
    }
}

pub(crate) async fn a_checkout_is_one_trace_from_the_browser_to_the_mail(stage: &mut Stage) {
    let browser = Browser::at(&stage.local.addresses("web-bff")[0]);
    let order = browser.buys_something().await;

    let mailed = || async { mails(&story(&order)) == 2 };
    eventually(SOON, mailed).await;
    eventually(SOON, || async { everyone_is_in(&story(&order)) }).await;
    // What led to something may end after it, and so come later.
    eventually(SOON, || async { loose(&story(&order)).is_empty() }).await;
    let traces = COLLECTOR.traces_about(&order);
    assert_eq!(traces.len(), 1, "an order is one trace");

    let spans = story(&order);
    let begin: Vec<_> = spans.iter().filter(|span| span.parent.is_empty()).collect();
    let [begin] = begin.as_slice() else { panic!("{} beginnings: {begin:#?}", begin.len()) };
    assert_eq!((begin.service.as_str(), begin.name.as_str()), ("web-bff", "POST /graphql"));
    assert!(spans.iter().all(|span| !span.instance.is_empty()), "a span of nobody: {spans:#?}");
}

/// The spans of the traces an order is in.
fn story(order: &str) -> Vec<Span> {
    COLLECTOR.traces_about(order).iter().flat_map(|trace| COLLECTOR.trace(trace)).collect()
}

/// Those of which nobody knows what led to them.
fn loose(spans: &[Span]) -> Vec<String> {
    let known: BTreeSet<_> = spans.iter().map(|span| span.id.as_str()).collect();
    let is_loose = |span: &&Span| !span.parent.is_empty() && !known.contains(span.parent.as_str());
    let loose = spans.iter().filter(is_loose);
    loose.map(|span| format!("{} of {}", span.name, span.service)).collect()
}

fn mails(spans: &[Span]) -> usize {
    spans.iter().filter(|span| span.name == "send mail").count()
}

fn everyone_is_in(spans: &[Span]) -> bool {
    let mut by_service: BTreeMap<&str, usize> = BTreeMap::new();
    for span in spans {
        *by_service.entry(&span.service).or_default() += 1;
    }
    THROUGH.iter().all(|service| by_service.contains_key(service))
}

pub(crate) async fn nothing_secret_is_in_a_span(stage: &mut Stage) {
    assert_eq!(COLLECTOR.texts_with(&logs::forbidden(stage)), Vec::<String>::new());
}
