//! One name and one port for each thing: in the code, in compose, in the cluster, at the gateway.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use infra_checks::cluster::{Cluster, yaml};
use infra_checks::object::{at, label, list, text};
use infra_checks::settings::Settings;
use serde_json::Value;
use xtask::shop_env::KINDS;
use xtask::{console, workspace};

use crate::kubernetes::workloads::{SANDBOX, SERVICES, services};
use crate::kubernetes::{LOCAL, PRODUCTION, can_render, cluster};

#[test]
fn the_code_knows_the_ports_of_the_cluster() {
    for (service, port) in SERVICES.into_iter().chain([SANDBOX]) {
        if service != "gateway" {
            let of_code = Settings::of(service).unwrap().port();
            assert_eq!(of_code, Some(port), "{service}");
        }
    }
}

#[test]
fn all_processes_of_the_shop_are_in_the_cluster() {
    let known = services(LOCAL);
    for kind in KINDS {
        // Catches mails where nothing else does; a cluster has mailpit.
        if kind.name != "mail-sink" {
            assert!(known.iter().any(|(service, _)| *service == kind.name), "{}", kind.name);
        }
    }
}

#[test]
fn the_gateway_leads_to_names_and_ports_there_are() {
    let Some(cluster) = cluster(PRODUCTION) else { return };
    let gateway = fs::read_to_string(workspace::root().join("infra/gateway/haproxy.cfg")).unwrap();
    let defaults: BTreeMap<&str, &str> = gateway
        .lines()
        .filter_map(|line| line.trim().strip_prefix("presetenv ")?.split_once(' '))
        .collect();
    let deployment = cluster.find("Deployment", "gateway").unwrap();
    let variables = list(deployment, "spec/template/spec/containers/0/env");
    let mut upstreams = 0;
    for variable in variables.iter().filter(|v| text(v, "value").contains(".svc.")) {
        let (host, port) = text(variable, "value").split_once(':').unwrap();
        let service = host.split('.').next().unwrap();
        let found = cluster.find("Service", service).expect(service);
        assert_eq!(at(found, "spec/ports/0/port").to_string(), port, "{service}");
        // HAProxy balances over what DNS answers: it must be the pods.
        assert_eq!(text(found, "spec/clusterIP"), "None", "{service}");
        let default = defaults[text(variable, "name")].trim();
        assert_eq!(default, format!("{service}:{port}"));
        upstreams += 1;
    }
    let of_gateway = defaults.values().filter(|value| {
        value
            .split_once(':')
            .is_some_and(|(host, _)| services(PRODUCTION).iter().any(|(s, _)| *s == host))
    });
    assert_eq!(upstreams, of_gateway.count(), "an upstream has no name in the cluster");
    let entry = cluster.find("HTTPRoute", "shop").unwrap();
    assert_eq!(text(entry, "spec/rules/0/backendRefs/0/name"), "gateway");
    assert_eq!(at(entry, "spec/rules/0/backendRefs/0/port"), 8080);
}

#[test]
fn host_name_and_registry_are_said_once() {
    if !can_render() {
        return;
    }
    let cluster = Cluster::render_changed(PRODUCTION, |infra| {
        let path = infra.join("k8s/overlays/production/site/site.env");
        let whole = fs::read_to_string(&path)?;
        Ok(fs::write(path, whole.replace("host=shop.example.com", "host=shop.test"))?)
    })
    .unwrap();
    let left: Vec<&Value> =
        cluster.objects.iter().filter(|o| o.to_string().contains("shop.example.com")).collect();
    assert!(left.is_empty(), "{left:?}");
    for route in cluster.all("HTTPRoute") {
        assert_eq!(text(route, "spec/hostnames/0"), "shop.test");
    }
    for listener in list(cluster.all("Gateway").next().unwrap(), "spec/listeners") {
        assert_eq!(text(listener, "hostname"), "shop.test");
    }
    assert!(cluster.objects.iter().all(|o| !o.to_string().contains("site.invalid")));
}

/// The pipeline finds our images by this text, and puts digests in their place.
#[test]
fn whatever_is_called_like_our_images_is_one() {
    let Some(cluster) = cluster(PRODUCTION) else { return };
    let whole = serde_json::to_string(&cluster.objects).unwrap();
    let letters = |c: char| c.is_ascii_lowercase() || c == '-';
    for mention in whole.split("saga-shop/").skip(1) {
        let named: String = mention.chars().take_while(|c| letters(*c)).collect();
        let is_ours = named == "gateway-keys" || SERVICES.iter().any(|(known, _)| *known == named);
        assert!(is_ours, "saga-shop/{named} is no image of ours");
    }
}

#[test]
fn compose_and_cluster_run_the_same_services_on_the_same_ports() {
    let Some(compose) = compose() else { return };
    let services_of_compose = at(&compose, "services");
    for (service, port) in services(LOCAL) {
        let found = services_of_compose.get(service);
        assert!(found.is_some(), "compose does not know {service}");
        let environment = at(found.unwrap(), "environment");
        if let Some(bind) = environment.get("SHOP_HTTP__BIND").and_then(Value::as_str) {
            assert!(bind.ends_with(&format!(":{port}")), "{service} listens at {bind}");
        }
        for (variable, value) in environment.as_object().into_iter().flatten() {
            // Compose tells every service of all peers; those it does not know it leaves alone.
            let is_for_all = ["SHOP_CONFIG", "SHOP_PEERS__"];
            let is_known = !variable.starts_with("SHOP_")
                || is_for_all.iter().any(|common| variable.starts_with(common))
                || Settings::of(service).unwrap().know(variable);
            assert!(is_known, "compose: {service} does not know {variable} ({value})");
        }
    }
}

#[test]
fn compose_and_cluster_have_stores_of_the_same_age() {
    let (Some(compose), Some(cluster)) = (compose(), cluster(PRODUCTION)) else { return };
    let of_cluster = [
        ("postgres", "Cluster", "spec/imageName"),
        ("rabbitmq", "RabbitmqCluster", "spec/image"),
        ("mongo", "MongoDBCommunity", "spec/version"),
    ];
    for (service, of, path) in of_cluster {
        let image = text(&compose, &format!("services/{service}/image"));
        let here = major(image);
        let there = major(text(cluster.all(of).next().unwrap(), path));
        assert_eq!(here, there, "{service}: {image}");
    }
    let haproxy = cluster.find("Deployment", "gateway").unwrap();
    assert_eq!(label(haproxy, "app.kubernetes.io/name"), "gateway");
    let here = text(&compose, "services/gateway/image");
    let there = text(haproxy, "spec/template/spec/containers/0/image");
    assert_eq!(major(here), major(there), "gateway: {here} and {there}");
}

/// `17` of `postgres:17.6-alpine` and of `17.6`.
fn major(image: &str) -> &str {
    let version = image.rsplit(':').next().unwrap_or(image);
    version.split(['.', '-']).next().unwrap_or(version)
}

/// Compose's own file, once there is one.
fn compose() -> Option<Value> {
    let path: PathBuf = workspace::root().join("infra/compose.yaml");
    if !path.exists() {
        console::progress("skipped", format!("there is no {}", path.display()));
        return None;
    }
    can_render().then(|| yaml(&path).unwrap()[0].take())
}
