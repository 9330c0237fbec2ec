//! Every query that `infra/observability` holds: of rules, dashboards and the page for people.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;
use xtask::workspace;

use crate::promql::named;
use crate::yaml;

/// A query, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// `alerts.yml: DeadLetters`, for a person to find it.
    pub place: String,
    /// What asks Prometheus.
    pub text: String,
}

/// A rule of Prometheus, recording or alerting.
#[derive(Debug, Clone, Deserialize)]
pub struct Rule {
    /// What it records as.
    pub record: Option<String>,
    /// What it alerts as.
    pub alert: Option<String>,
    /// The query.
    pub expr: String,
    /// What an alert carries beside the labels of its query.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What an alert says.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct RuleFile {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    rules: Vec<Rule>,
}

/// The folder of all that watches the shop.
#[must_use]
pub fn folder() -> PathBuf {
    workspace::root().join("infra/observability")
}

/// Files of a folder with this ending, in order.
///
/// # Errors
/// When there is no such folder, or nothing in it.
pub fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|it| it == ending))
        .collect();
    anyhow::ensure!(!files.is_empty(), "nothing in {}", folder.display());
    files.sort();
    Ok(files)
}

/// The rules, recording and alerting, as they stand in their files.
///
/// # Errors
/// When a file cannot be read.
pub fn rules() -> Result<Vec<Rule>> {
    let mut rules = Vec::new();
    for file in files(&folder().join("prometheus/rules"), "yml")? {
        let file: RuleFile = serde_json::from_value(yaml::read(&file)?)?;
        rules.extend(file.groups.into_iter().flat_map(|group| group.rules));
    }
    Ok(rules)
}

/// All queries for Prometheus.
///
/// # Errors
/// When a file cannot be read.
pub fn queries() -> Result<Vec<Query>> {
    let mut queries = Vec::new();
    for rule in rules()? {
        let name = rule.alert.or(rule.record).unwrap_or_default();
        queries.push(Query { place: format!("rule {name}"), text: rule.expr });
    }
    for file in files(&folder().join("grafana/dashboards"), "json")? {
        let board: Value = serde_json::from_str(&fs::read_to_string(&file)?)
            .with_context(|| format!("{} is no JSON", file.display()))?;
        of_dashboard("dashboard", &board, &mut queries);
    }
    let page = fs::read_to_string(workspace::root().join("docs/observability.md"))?;
    let blocks = page.split("```promql\n").skip(1).filter_map(|block| block.split("```").next());
    queries.extend(blocks.map(|text| Query {
        place: "docs/observability.md".to_owned(),
        text: text.trim().to_owned(),
    }));
    Ok(queries)
}

/// What Prometheus must have for the queries: metrics, with the labels that are asked of each. Names with
/// a colon are left out, since rules make them.
///
/// # Errors
/// When a file cannot be read.
pub fn metrics() -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut metrics: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for query in queries()? {
        for selector in named(&query.text).selectors {
            if !selector.metric.contains(':') {
                metrics.entry(selector.metric).or_default().extend(selector.labels);
            }
        }
    }
    Ok(metrics)
}

/// Panels, annotations and variables: whatever has an `expr`, or asks for the values of a label.
fn of_dashboard(place: &str, value: &Value, queries: &mut Vec<Query>) {
    match value {
        Value::Object(fields) => {
            let title = fields.get("title").or_else(|| fields.get("name")).and_then(Value::as_str);
            let place =
                title.map_or_else(|| place.to_owned(), |title| format!("{place} / {title}"));
            let source = fields.get("datasource").and_then(|it| it.get("type"));
            let is_loki = source.is_some_and(|kind| kind == "loki");
            if let Some(text) = fields.get("expr").and_then(Value::as_str) {
                queries.push(Query { place: place.clone(), text: text.to_owned() });
            }
            if let Some(text) = fields.get("definition").and_then(Value::as_str) {
                let inside = text.strip_prefix("label_values(").and_then(|it| it.rsplit_once(", "));
                let text = inside.map_or(text, |(query, _label)| query).to_owned();
                queries.push(Query { place: place.clone(), text });
            }
            if !is_loki {
                fields.values().for_each(|field| of_dashboard(&place, field, queries));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| of_dashboard(place, item, queries)),
        _ => {}
    }
}
