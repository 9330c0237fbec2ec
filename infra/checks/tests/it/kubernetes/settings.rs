//! Settings and secrets: every variable has a meaning, every secret a name that is written down.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use infra_checks::cluster::{Cluster, NAME, OVERLAYS};
use infra_checks::object::{at, kind, label, list, name, text};
use infra_checks::settings::Settings;
use serde_json::Value;
use xtask::workspace;

use super::{LOCAL, cluster, none_of};

/// What operators of stores write, in every overlay.
const WRITTEN_BY_OPERATORS: [(&str, &str); 4] = [
    ("rabbitmq-default-user", "username"),
    ("rabbitmq-default-user", "password"),
    ("rabbitmq-default-user", "connection_string"),
    ("order-history-mongodb", "connectionString.standard"),
];

#[test]
fn every_variable_names_a_setting_of_its_service() {
    let gateway = read("infra/gateway/haproxy.cfg");
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        let mut unknown = Vec::new();
        for owner in owners(&cluster) {
            let service = label(owner, NAME);
            let settings = (service != "gateway").then(|| Settings::of(service).unwrap());
            for variable in variables(&cluster, owner).keys() {
                let is_known = match &settings {
                    Some(settings) => !variable.starts_with("SHOP_") || settings.know(variable),
                    None => {
                        !variable.starts_with("GATEWAY_") || gateway.contains(variable.as_str())
                    }
                };
                if !is_known {
                    unknown.push(format!("{overlay}: {} does not know {variable}", name(owner)));
                }
            }
        }
        none_of(&unknown);
    }
}

#[test]
fn every_service_is_told_its_peers_its_port_and_that_jobs_migrate() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        for service in cluster.services().filter(|service| label(service, NAME) != "gateway") {
            let variables = variables(&cluster, service);
            let port = at(service, "spec/template/spec/containers/0/ports/0/containerPort");
            assert_eq!(
                variables["SHOP_HTTP__BIND"],
                format!("0.0.0.0:{port}"),
                "{}",
                name(service)
            );
            // Documents have no schema: order-history makes its indexes whenever it starts.
            if label(at(service, "spec/template"), "shop/store") == "postgres" {
                assert_eq!(variables["SHOP_DATABASE__MIGRATE"], "false", "{}", name(service));
            }
            for (variable, url) in &variables {
                let of_peer = variable.strip_prefix("SHOP_PEERS__");
                let Some(peer) = of_peer.filter(|peer| *peer != "PROVIDER") else { continue };
                let peer = peer.replace('_', "-").to_lowercase();
                let found = cluster.find("Service", &peer).expect(&peer);
                assert_eq!(*url, format!("http://{peer}:{}", at(found, "spec/ports/0/port")));
            }
        }
    }
}

#[test]
fn every_secret_is_by_reference_and_the_readme_names_it() {
    let readme = read("infra/k8s/README.md");
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        let made: BTreeSet<(String, String)> = cluster.all("Secret").flat_map(keys).collect();
        for (secret, key) in owners(&cluster).flat_map(wanted) {
            let by_operator = WRITTEN_BY_OPERATORS.contains(&(&secret, &key));
            assert!(readme.contains(&format!("`{secret}`")), "README.md does not name {secret}");
            assert!(readme.contains(&format!("`{key}`")), "README.md does not name {key}");
            if overlay == LOCAL {
                let is_made = made.contains(&(secret.clone(), key.clone()));
                assert!(is_made || by_operator, "nobody makes {secret} with {key}");
            } else {
                assert!(made.is_empty(), "{overlay} carries secrets: {made:?}");
            }
        }
        for map in cluster.all("ConfigMap") {
            for key in at(map, "data").as_object().into_iter().flat_map(|data| data.keys()) {
                let is_secret =
                    ["PASSWORD", "SECRET", "TOKEN", "DSN"].iter().any(|w| key.contains(w));
                assert!(!is_secret, "{overlay}: {} holds {key}", name(map));
            }
        }
    }
}

#[test]
fn what_is_put_together_from_variables_has_all_of_them() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        for owner in owners(&cluster) {
            let known = variables(&cluster, owner);
            for (variable, value) in &known {
                for part in value.split("$(").skip(1) {
                    let (asked, _) = part.split_once(')').unwrap();
                    assert!(known.contains_key(asked), "{}: {variable}: {asked}", name(owner));
                }
            }
        }
    }
}

/// Whoever runs something of ours.
fn owners(cluster: &Cluster) -> impl Iterator<Item = &Value> {
    let is_ours = |o: &&Value| cluster.find("ServiceAccount", label(o, NAME)).is_some();
    let runs = |o: &&Value| ["Deployment", "Job"].contains(&kind(o));
    cluster.objects.iter().filter(runs).filter(is_ours)
}

/// The variables of its first container, with the values that are written in the manifest.
fn variables(cluster: &Cluster, owner: &Value) -> BTreeMap<String, String> {
    let app = at(owner, "spec/template/spec/containers/0");
    let mut found = BTreeMap::new();
    for from in list(app, "envFrom") {
        let prefix = text(from, "prefix");
        let map = cluster.find("ConfigMap", text(from, "configMapRef/name"));
        for (key, value) in map.and_then(|map| map["data"].as_object()).into_iter().flatten() {
            found.insert(format!("{prefix}{key}"), value.as_str().unwrap().to_owned());
        }
        if text(from, "secretRef/name").ends_with("-database") {
            for key in ["username", "password"] {
                found.insert(format!("{prefix}{key}"), String::new());
            }
        }
    }
    for entry in list(app, "env") {
        found.insert(text(entry, "name").to_owned(), text(entry, "value").to_owned());
    }
    found
}

/// Secrets that it does not start without, and optional ones, with the key it reads.
fn wanted(owner: &Value) -> Vec<(String, String)> {
    let app = at(owner, "spec/template/spec/containers/0");
    let whole = list(app, "envFrom").iter().map(|from| text(from, "secretRef/name"));
    let logins = whole.filter(|secret| !secret.is_empty());
    let logins = logins.flat_map(|secret| ["username", "password"].map(|key| (secret, key)));
    let references = list(app, "env").iter().map(|entry| at(entry, "valueFrom/secretKeyRef"));
    let keys = references.filter(|from| from.is_object() && from["optional"] != true);
    let keys = keys.map(|from| (text(from, "name"), text(from, "key")));
    logins.chain(keys).map(|(secret, key)| (secret.to_owned(), key.to_owned())).collect()
}

fn keys(secret: &Value) -> Vec<(String, String)> {
    let data = at(secret, "data").as_object().into_iter().flat_map(|data| data.keys());
    data.map(|key| (name(secret).to_owned(), key.clone())).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(workspace::root().join(path)).unwrap()
}
