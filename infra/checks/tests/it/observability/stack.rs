//! Prometheus, Grafana, the collector and Loki find the shop and each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use infra_checks::watched::{files, folder};
use infra_checks::yaml;
use serde_json::Value;
use xtask::workspace;

/// Where each service says at which port it listens.
const SETTINGS: [(&str, &str); 9] = [
    ("identity", "services/identity"),
    ("catalog", "services/catalog"),
    ("order", "services/order"),
    ("payment", "services/payment"),
    ("email", "services/email"),
    ("order-history", "services/order-history"),
    ("sandbox-provider", "services/payment/sandbox"),
    ("web-bff", "bff/web"),
    ("mobile-bff", "bff/mobile"),
];

#[test]
fn prometheus_asks_every_service_at_its_port() {
    let asked = scraped("shop");

    for (name, place) in SETTINGS {
        let file = workspace::root().join(place).join("config/default.toml");
        let settings = fs::read_to_string(&file).unwrap();
        let bind = settings.lines().find_map(|line| line.strip_prefix("bind = \"127.0.0.1:"));
        let port = bind.and_then(|it| it.split('"').next()).unwrap();
        assert_eq!(asked.get(name).map(String::as_str), Some(port), "{name}");
    }
}

#[test]
fn who_is_not_found_is_missed() {
    let rules = fs::read_to_string(folder().join("prometheus/rules/alerts.yml")).unwrap();
    // The provider is somebody else's, and a fragment may be away.
    let may_be_away = |name: &str| name == "sandbox-provider" || name.ends_with("-ui");

    for name in scraped("shop").keys().filter(|name| !may_be_away(name)) {
        assert!(rules.contains(&format!("absent(up{{job=\"{name}\"}})")), "nobody misses {name}");
    }
}

#[test]
fn dashboards_are_told_apart_and_ask_sources_that_are_there() {
    let file = folder().join("grafana/provisioning/datasources/datasources.yaml");
    let sources: BTreeSet<_> = strings(&yaml::read(&file).unwrap(), "uid");
    let mut boards = BTreeSet::new();

    for file in files(&folder().join("grafana/dashboards"), "json").unwrap() {
        let board: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        assert!(boards.insert(board["uid"].as_str().unwrap().to_owned()), "{}", file.display());
        let panels = board["panels"].as_array().unwrap();
        let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
        assert_eq!(ids.len(), panels.len(), "two panels with one id in {}", file.display());
        for panel in panels.iter().filter(|panel| panel["type"] != "row") {
            let source = panel["datasource"]["uid"].as_str().unwrap();
            assert!(sources.contains(source), "{} asks {source}", panel["title"]);
            assert!(!panel["targets"].as_array().unwrap().is_empty(), "{}", panel["title"]);
        }
        panels_do_not_overlap(panels);
    }
}

#[test]
fn every_part_of_the_collector_is_there_and_in_use() {
    let config = yaml::read(&folder().join("otel-collector/config.yaml")).unwrap();
    let pipelines = config["service"]["pipelines"].as_object().unwrap();
    let names = |value: &Value| -> BTreeSet<String> {
        value.as_array().into_iter().flatten().map(|it| it.as_str().unwrap().to_owned()).collect()
    };

    for kind in ["receivers", "processors", "exporters"] {
        let defined: BTreeSet<_> = config[kind].as_object().unwrap().keys().cloned().collect();
        let used: BTreeSet<_> = pipelines.values().flat_map(|it| names(&it[kind])).collect();
        assert_eq!(defined, used, "{kind}");
    }
    let extensions: BTreeSet<_> =
        config["extensions"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(extensions, names(&config["service"]["extensions"]));
    for (name, pipeline) in pipelines {
        let processors = pipeline["processors"].as_array().unwrap();
        assert_eq!(
            processors.first(),
            Some(&"memory_limiter".into()),
            "{name}: it says no too late"
        );
        assert_eq!(processors.last(), Some(&"batch".into()), "{name}");
        assert!(processors.contains(&"redaction".into()), "{name} keeps what must not be kept");
    }
}

#[test]
fn what_is_called_is_there() {
    let services = yaml::read(&folder().join("compose.yaml")).unwrap();
    let there: BTreeSet<_> = services["services"].as_object().unwrap().keys().cloned().collect();
    let urls = [
        strings(&yaml::read(&folder().join("otel-collector/config.yaml")).unwrap(), "endpoint"),
        strings(
            &yaml::read(&folder().join("grafana/provisioning/datasources/datasources.yaml"))
                .unwrap(),
            "url",
        ),
    ];

    let hosts = urls.iter().flatten().filter_map(|url| url.strip_prefix("http://"));
    let hosts: BTreeSet<_> = hosts.filter_map(|it| it.split(':').next()).collect();
    assert_eq!(hosts, BTreeSet::from(["jaeger", "loki", "prometheus"]));
    for host in hosts {
        assert!(there.contains(host), "{host} is called, and is not there");
    }
}

#[test]
fn containers_are_modest_and_their_files_exist() {
    let compose = yaml::read(&folder().join("compose.yaml")).unwrap();
    // Paths in it are as in the file that includes it.
    let base = folder().join("..");

    for (name, service) in compose["services"].as_object().unwrap() {
        let image = service["image"].as_str().unwrap();
        let tag = image.rsplit(':').next().unwrap();
        assert!(tag.matches('.').count() == 2, "{name}: {image} is not one version");
        assert_eq!(service["profiles"], serde_json::json!(["observability"]), "{name}");
        assert_eq!(service["read_only"], true, "{name}");
        assert!(service["mem_limit"].is_string(), "{name} may take all memory");
        for port in service["ports"].as_array().into_iter().flatten() {
            assert!(port.as_str().unwrap().starts_with("127.0.0.1:"), "{name}: {port}");
        }
        for volume in service["volumes"].as_array().into_iter().flatten() {
            let source = volume.as_str().unwrap().split(':').next().unwrap();
            if let Some(file) = source.strip_prefix("./") {
                assert!(base.join(Path::new(file)).exists(), "{name}: there is no {source}");
            }
        }
    }
}

/// Port by name, of a job that asks DNS.
fn scraped(job: &str) -> BTreeMap<String, String> {
    let config = yaml::read(&folder().join("prometheus/prometheus.yml")).unwrap();
    let jobs = config["scrape_configs"].as_array().unwrap();
    let job = jobs.iter().find(|it| it["job_name"] == job).unwrap();
    let mut asked = BTreeMap::new();
    for entry in job["dns_sd_configs"].as_array().unwrap() {
        for name in entry["names"].as_array().unwrap() {
            asked.insert(name.as_str().unwrap().to_owned(), entry["port"].to_string());
        }
    }
    asked
}

/// Every text that stands under this key, wherever.
fn strings(value: &Value, key: &str) -> BTreeSet<String> {
    match value {
        Value::Object(fields) => {
            let own = fields.get(key).and_then(Value::as_str).map(str::to_owned);
            fields.values().flat_map(|it| strings(it, key)).chain(own).collect()
        }
        Value::Array(items) => items.iter().flat_map(|it| strings(it, key)).collect(),
        _ => BTreeSet::new(),
    }
}

fn panels_do_not_overlap(panels: &[Value]) {
    let mut taken = BTreeSet::new();
    for panel in panels {
        let at = |side: &str| panel["gridPos"][side].as_u64().unwrap();
        assert!(at("x") + at("w") <= 24, "{} is too wide", panel["title"]);
        for cell in (at("y")..at("y") + at("h"))
            .flat_map(|y| (at("x")..at("x") + at("w")).map(move |x| (x, y)))
        {
            assert!(taken.insert(cell), "{} lies on another panel", panel["title"]);
        }
    }
}
