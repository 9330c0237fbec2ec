//! Alerts are right, tried out, and of use to who is woken by them.

use std::fs;

use infra_checks::watched::{Rule, files, folder, rules};
use xtask::workspace;

use super::promtool;

#[test]
fn prometheus_takes_its_configuration_and_rules() {
    let file = folder().join("prometheus/prometheus.yml");

    promtool(&["check", "config", &file.to_string_lossy()]);
}

#[test]
fn alerts_fire_when_they_should_and_not_before() {
    for file in files(&folder().join("prometheus/tests"), "yml").unwrap() {
        promtool(&["test", "rules", &file.to_string_lossy()]);
    }
}

#[test]
fn every_alert_is_seen_to_fire() {
    let tests: String = files(&folder().join("prometheus/tests"), "yml")
        .unwrap()
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();

    for alert in alerts() {
        let name = alert.alert.unwrap();
        let sample = format!("labels: 'ALERTS{{alertname=\"{name}\",alertstate=\"firing\"");
        assert!(tests.contains(&sample), "no test in prometheus/tests expects {name}");
    }
}

#[test]
fn every_alert_says_what_is_wrong_and_what_to_do() {
    let page = fs::read_to_string(workspace::root().join("docs/observability.md")).unwrap();
    let alerts = alerts();
    assert!(alerts.len() > 20, "only {} alerts", alerts.len());

    for alert in alerts {
        let name = alert.alert.as_deref().unwrap();
        let said = |what: &str| alert.annotations.get(what).map_or(0, String::len);
        let severity = alert.labels.get("severity").map(String::as_str);
        assert!(matches!(severity, Some("page" | "ticket")), "how bad is {name}?");
        assert!(said("summary") > 20, "{name} does not say what is wrong");
        assert!(said("runbook") > 60, "{name} does not say what to do");
        assert!(
            page.contains(&format!("`{name}`")),
            "docs/observability.md leads nobody to {name}"
        );
    }
}

fn alerts() -> Vec<Rule> {
    rules().unwrap().into_iter().filter(|rule| rule.alert.is_some()).collect()
}
