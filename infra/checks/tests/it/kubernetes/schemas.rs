//! Every object by its real schema, as far as registries carry one.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::Result;
use infra_checks::cluster::{Cluster, OVERLAYS};
use infra_checks::object::{at, kind, name};
use serde_json::{Value, json};
use xtask::browser;
use xtask::process::output_of;
use xtask::tool::PYTHON;
use xtask::workspace;

use super::{MESH, cluster};

/// The oldest Kubernetes we promise to run on.
const KUBERNETES: &str = "1.34";

/// Kinds whose schema is in no registry; README.md of infra/k8s says so.
const WITHOUT_SCHEMA: [&str; 2] = ["MongoDBCommunity", "RabbitmqCluster"];

#[test]
fn every_object_fits_its_schema() {
    for overlay in OVERLAYS.into_iter().chain(["external-secrets"]) {
        let Some(cluster) = cluster(overlay) else { return };
        let judged = judge(&cluster).unwrap();

        assert!(judged.errors.is_empty(), "{overlay}: {}", judged.errors.join("\n"));
        let without: BTreeSet<&str> = judged.without_schema.iter().map(|n| kind_in(n)).collect();
        assert!(without.is_subset(&WITHOUT_SCHEMA.into()), "{overlay}: {without:?}");
        let all = judged.validated.len() + judged.without_schema.len();
        assert_eq!(all, cluster.objects.len(), "{overlay}: some object was passed over");
        println!("{overlay}: {} of {all} objects fit their schemas", judged.validated.len());
    }
}

#[test]
fn misspelt_and_missing_fields_are_noticed() {
    let Some(whole) = cluster(MESH) else { return };
    let changes = [
        ("Deployment", "order", "spec/template/spec", "automountServiceAccontToken", json!(false)),
        ("PodDisruptionBudget", "order", "spec", "maxUnavailable", json!([1])),
        ("ScaledObject", "payment", "spec", "minReplicaCont", json!(2)),
        ("HTTPRoute", "shop", "spec/rules/0", "timeout", json!({"request": "0s"})),
        ("Cluster", "postgres", "spec/postgresql", "pgHba", json!([])),
        ("PodMonitor", "services", "spec/podMetricsEndpoints/0", "portNumber", json!("15020")),
        ("DestinationRule", "order", "spec/trafficPolicy", "outlierdetection", json!({})),
        ("AuthorizationPolicy", "order", "spec", "action", json!("ALOW")),
    ];
    let cluster = whole.changed(|objects| {
        for (of, named, path, field, value) in &changes {
            let found = objects.iter_mut().find(|o| kind(o) == *of && name(o) == *named);
            let place = format!("/{path}");
            found.unwrap().pointer_mut(&place).unwrap()[*field] = value.clone();
        }
    });

    let errors = judge(&cluster).unwrap().errors.join("\n");

    for (of, named, _, field, _) in changes {
        let noticed = errors.lines().any(|line| line.contains(&format!("{of} {named}: ")));
        assert!(noticed, "nobody noticed {field} of {of} {named}:\n{errors}");
    }
}

struct Judged {
    validated: Vec<String>,
    without_schema: Vec<String>,
    errors: Vec<String>,
}

fn judge(cluster: &Cluster) -> Result<Judged> {
    let scripts = workspace::root().join("infra/checks/tools/manifests");
    let folder = tempfile::tempdir()?;
    // JSON is YAML, too.
    let manifest = folder.path().join("manifest.yaml");
    let documents: Vec<String> = cluster.objects.iter().map(Value::to_string).collect();
    fs::write(&manifest, documents.join("\n---\n"))?;
    let mut python = Command::new(PYTHON.ensure()?);
    python.arg(scripts.join("validate.py")).arg(KUBERNETES).arg(&manifest);
    let core: Value = serde_json::from_str(&output_of(&mut python, None)?)?;
    let mut validated = texts(&core, "validated");
    let mut errors = texts(&core, "errors");

    let seen: BTreeSet<&str> =
        validated.iter().chain(&errors).filter_map(|said| said.split(':').next()).collect();
    let is_custom = |object: &&Value| !seen.contains(spoken(object).as_str());
    let custom: Vec<&Value> = cluster.objects.iter().filter(is_custom).collect();
    let path = manifest.with_extension("json");
    fs::write(&path, serde_json::to_string(&custom)?)?;
    let mut node = Command::new("node");
    node.arg(scripts.join("validate.mjs")).arg(browser::node_packages(&scripts)?).arg(path);
    let custom: Value = serde_json::from_str(&output_of(&mut node, None)?)?;
    validated.extend(texts(&custom, "validated"));
    errors.extend(texts(&custom, "errors"));
    Ok(Judged { validated, without_schema: texts(&custom, "without_schema"), errors })
}

fn spoken(object: &Value) -> String {
    format!("{} {} {}", at(object, "apiVersion").as_str().unwrap(), kind(object), name(object))
}

fn kind_in(spoken: &str) -> &str {
    spoken.split(' ').nth(1).unwrap()
}

fn texts(answer: &Value, field: &str) -> Vec<String> {
    at(answer, field).as_array().unwrap().iter().map(|t| t.as_str().unwrap().to_owned()).collect()
}
