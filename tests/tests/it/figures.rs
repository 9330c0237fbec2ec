//! What the table of metrics promises, and what a running shop exports.

use std::collections::{BTreeMap, BTreeSet};

use testkit::eventually;
use xtask::workspace::root;

use crate::stage::{SOON, Stage};

/// The one that speaks neither of services nor to them.
const NO_SERVICE: &str = "mail-sink";
/// A time series of a metric: what stands before `{`, without what a histogram adds.
type Exported = BTreeMap<String, BTreeSet<String>>;

/// A row of the table.
struct Promised {
    metric: String,
    kind: String,
    labels: BTreeSet<String>,
    who: Vec<String>,
}

pub(crate) async fn every_metric_of_the_table_is_exported_and_no_other(stage: &mut Stage) {
    let promised = promised();
    let services: Vec<_> =
        stage.client.services().into_iter().filter(|name| name != NO_SERVICE).collect();
    assert!(services.len() >= 9, "{services:?}");

    for service in &services {
        // A request that is traced, unlike those for health and figures.
        let info = format!("{}/info", stage.client.replicas(service)[0]);
        stage.http.get(info).send().await.unwrap().error_for_status().unwrap();
        eventually(SOON, || async { missing(stage, service, &promised).await.is_empty() }).await;
        let page = page(stage, service).await;
        let known: BTreeSet<_> = promised.iter().map(|row| row.metric.as_str()).collect();
        let unknown: Vec<_> =
            exported(&page).into_keys().filter(|name| !known.contains(name.as_str())).collect();
        assert!(unknown.is_empty(), "{service} exports what no row tells of: {unknown:?}");
    }
}

pub(crate) async fn the_figures_of_orders_add_up(stage: &mut Stage) {
    // What one replica places, the other may decide.
    let sum = async |start: &str| -> u64 {
        let mut sum = 0;
        for replica in stage.client.replicas("order") {
            let page = stage.http.get(format!("{replica}/metrics")).send().await.unwrap();
            let page = page.text().await.unwrap();
            let samples = page.lines().filter(|line| line.starts_with(start));
            sum += samples.filter_map(|it| it.rsplit_once(' ')?.1.parse::<u64>().ok()).sum::<u64>();
        }
        sum
    };

    let placed = sum("shop_orders_total{service=\"order\",outcome=\"placed\"").await;

    assert!(placed > 10, "{placed} orders are too few to tell");
    eventually(SOON, || async { sum("order_saga_duration_seconds_count").await == placed }).await;
    eventually(SOON, || async { sum("orders_undecided{").await == 0 }).await;
}

/// What lacks on the page of a service, as a person would say it.
async fn missing(stage: &Stage, service: &str, promised: &[Promised]) -> Vec<String> {
    let page = page(stage, service).await;
    let exported = exported(&page);
    let mut missing = Vec::new();
    for row in promised.iter().filter(|row| row.who.iter().any(|who| who == service)) {
        let Some(labels) = exported.get(&row.metric) else {
            missing.push(format!("{service} does not export {}", row.metric));
            continue;
        };
        if *labels != row.labels {
            missing.push(format!("{service}: {} has the labels {labels:?}", row.metric));
        }
        if !page.contains(&format!("# TYPE {} {}\n", row.metric, row.kind)) {
            missing.push(format!("{service}: {} is no {}", row.metric, row.kind));
        }
    }
    if !missing.is_empty() {
        eprintln!("   not yet: {missing:?}");
    }
    missing
}

async fn page(stage: &Stage, service: &str) -> String {
    let url = format!("{}/metrics", stage.client.replicas(service)[0]);
    stage.http.get(url).send().await.unwrap().text().await.unwrap()
}

/// The metrics on a page, each with the labels of its samples.
fn exported(page: &str) -> Exported {
    let histograms: BTreeSet<_> = page
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" histogram"))
        .collect();
    let mut exported = Exported::new();
    for line in page.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (name, labels) = line.split_once('{').unwrap_or((line, ""));
        let of_histogram = ["_bucket", "_sum", "_count"]
            .iter()
            .filter_map(|end| name.strip_suffix(end))
            .find(|name| histograms.contains(name));
        let keys = labels.split("\",").filter_map(|pair| pair.split_once("=\"")).map(|pair| pair.0);
        // Neither says anything: one is on every sample, the other is how a histogram is written.
        let keys = keys.filter(|key| !["service", "le"].contains(key)).map(str::to_owned);
        exported.entry(of_histogram.unwrap_or(name).to_owned()).or_default().extend(keys);
    }
    exported
}

fn promised() -> Vec<Promised> {
    let text = std::fs::read_to_string(root().join("docs/metrics.md")).unwrap();
    let services = [
        "identity",
        "catalog",
        "order",
        "payment",
        "email",
        "order-history",
        "provider",
        "web-bff",
        "mobile-bff",
    ];
    let rows: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let list = |cell: &str| {
                cell.split(',')
                    .map(|it| it.trim().to_owned())
                    .filter(|it| !it.is_empty())
                    .collect::<Vec<_>>()
            };
            let who = match cells[3] {
                "all" => services.map(str::to_owned).to_vec(),
                // Here every process has a collector, and none a server for errors.
                who if who.contains("otlp_url") => services.map(str::to_owned).to_vec(),
                who if who.contains("sentry_dsn") => Vec::new(),
                who => list(who),
            };
            Promised {
                metric: cells[0].trim_matches('`').to_owned(),
                kind: cells[1].to_owned(),
                labels: list(cells[2]).into_iter().collect(),
                who,
            }
        })
        .collect();
    assert!(rows.len() > 30, "the table is not where it was");
    rows
}
