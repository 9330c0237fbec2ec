//! Rules, dashboards and the configuration of everything that watches the shop.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod foreign;
mod rules;
mod stack;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use infra_checks::promql::named;
use infra_checks::watched;
use xtask::process::output_of;
use xtask::tool::PROMTOOL;
use xtask::workspace;

/// A metric's labels, by its name.
type Metrics = BTreeMap<String, BTreeSet<String>>;

/// What Prometheus adds to every sample it scrapes.
const OF_THE_TARGET: [&str; 2] = ["instance", "job"];

#[test]
fn every_query_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queries.json");
    // JSON is YAML, and quotes whatever stands in a query.
    let rules: Vec<_> = watched::queries()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(n, query)| {
            let text = query.text.replace("$__rate_interval", "5m").replace("$__range", "1h");
            serde_json::json!({ "record": format!("query:{n}"), "expr": text })
        })
        .collect();
    assert!(rules.len() > 80, "only {} queries were found", rules.len());
    let group = serde_json::json!({ "groups": [{ "name": "all", "rules": rules }] });
    fs::write(&file, group.to_string()).unwrap();

    promtool(&["check", "rules", &file.to_string_lossy()]);
}

#[test]
fn every_query_asks_for_what_somebody_exports() {
    let known = known();
    let mut wrong = BTreeSet::new();

    for query in watched::queries().unwrap() {
        let named = named(&query.text);
        let mut of_query = BTreeSet::from(["le".to_owned()]);
        for selector in named.selectors {
            let (name, place) = (&selector.metric, &query.place);
            let Some(labels) = labels_of(&known, name) else {
                wrong.insert(format!("{place}: nobody exports {name}"));
                continue;
            };
            for label in selector.labels.difference(&labels) {
                wrong.insert(format!("{place}: {name} has no label {label}"));
            }
            of_query.extend(labels);
        }
        for label in named.grouping.difference(&of_query) {
            wrong.insert(format!("{}: nothing in it has the label {label}", query.place));
        }
    }

    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Ours as documented, those of other programs, and those that rules make.
fn known() -> Metrics {
    let mut known = documented();
    known.extend(foreign::metrics());
    for rule in watched::rules().unwrap() {
        if let Some(name) = rule.record {
            known.insert(name, named(&rule.expr).grouping);
        }
    }
    // Its grouping is in what it divides.
    let grouping = known["service:http_requests:rate5m"].clone();
    known.insert("service:http_error_ratio:rate5m".to_owned(), grouping);
    let synthetic = ["alertname", "alertstate", "severity", "service", "queue"];
    known.insert("ALERTS".to_owned(), synthetic.map(str::to_owned).into());
    known.insert("up".to_owned(), BTreeSet::new());
    known
}

/// The labels a metric has in Prometheus; histograms have three names.
fn labels_of(known: &Metrics, name: &str) -> Option<BTreeSet<String>> {
    let part = ["_bucket", "_count", "_sum"].iter().find_map(|part| name.strip_suffix(part));
    let labels = known.get(name).or_else(|| part.and_then(|whole| known.get(whole)))?;
    Some(labels.iter().cloned().chain(OF_THE_TARGET.map(str::to_owned)).collect())
}

/// The table in `docs/metrics.md`: metric, type, labels. A test of the whole shop compares it with what
/// every process exports. All of them have `service`, too.
fn documented() -> Metrics {
    let page = fs::read_to_string(workspace::root().join("docs/metrics.md")).unwrap();
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
        let name = cells.next()?.trim_end_matches('`');
        let labels = cells.nth(1)?.split(", ").filter(|label| !label.is_empty());
        Some((name.to_owned(), labels.chain(["service"]).map(str::to_owned).collect()))
    });
    let documented: Metrics = rows.collect();
    assert!(documented.len() > 20, "docs/metrics.md has only {} metrics", documented.len());
    documented
}

fn promtool(arguments: &[&str]) {
    let mut command = Command::new(PROMTOOL.ensure().unwrap());
    let said = output_of(command.args(arguments), None);
    said.unwrap_or_else(|error| panic!("promtool {arguments:?}: {error:#}"));
}
