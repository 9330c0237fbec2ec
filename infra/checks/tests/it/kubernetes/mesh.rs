//! `infra/istio`: mutual TLS, limits, the canary, and who may call whom.

use std::collections::BTreeSet;
use std::fs;

use infra_checks::arrows::Arrow;
use infra_checks::cluster::{Cluster, NAME};
use infra_checks::object::{at, label, list, name, text, texts};
use serde_json::{Value, json};

use super::workloads::{SERVICES, selects};
use super::{MESH, can_render, cluster, drawn_inside};

/// Those that others of ours call, not the gateway alone.
const CALLED_INSIDE: [&str; 6] =
    ["identity", "catalog", "order", "payment", "email", "order-history"];

#[test]
fn authorization_allows_just_the_arrows() {
    let Some(cluster) = cluster(MESH) else { return };

    assert_eq!(allowed(&cluster), drawn_inside());
    let rest = cluster.find("AuthorizationPolicy", "default-deny").unwrap();
    assert_eq!(at(rest, "spec"), &json!({}), "without a rule somebody may call");
}

#[test]
fn a_caller_that_is_not_drawn_is_noticed() {
    if !can_render() {
        return;
    }
    let cluster = Cluster::render_changed(MESH, |infra| {
        let path = infra.join("istio/authorization/payment.yaml");
        let whole = fs::read_to_string(&path)?;
        Ok(fs::write(path, whole.replace("- web-bff\n", "- web-bff\n              - email\n"))?)
    })
    .unwrap();

    assert_ne!(allowed(&cluster), drawn_inside());
}

#[test]
fn only_the_gateway_and_the_entry_are_for_everybody() {
    let Some(cluster) = cluster(MESH) else { return };
    let open = cluster
        .all("AuthorizationPolicy")
        .filter(|policy| list(policy, "spec/rules").iter().any(|rule| at(rule, "from").is_null()));
    assert_eq!(open.map(name).collect::<BTreeSet<_>>(), BTreeSet::from(["entry", "gateway"]));
    assert!(
        cluster.all("AuthorizationPolicy").all(|p| ["", "ALLOW"].contains(&text(p, "spec/action")))
    );
}

#[test]
fn mutual_tls_is_strict_and_has_no_exceptions() {
    let Some(cluster) = cluster(MESH) else { return };
    let all: Vec<&Value> = cluster.all("PeerAuthentication").collect();

    assert_eq!(all.len(), 1);
    assert_eq!(at(all[0], "spec"), &json!({"mtls": {"mode": "STRICT"}}));
    let namespace = cluster.all("Namespace").next().unwrap();
    assert_eq!(label(namespace, "istio-injection"), "enabled");
    for job in cluster.all("Job") {
        let injected = label(at(job, "spec/template"), "sidecar.istio.io/inject");
        assert_eq!(injected, "false", "{} would never end", name(job));
    }
}

#[test]
fn every_service_that_others_call_has_bounds() {
    let Some(cluster) = cluster(MESH) else { return };
    for service in CALLED_INSIDE {
        let rule = cluster.find("DestinationRule", service).expect(service);
        assert_eq!(text(rule, "spec/host"), service);
        let policy = at(rule, "spec/trafficPolicy");
        assert!(
            at(policy, "outlierDetection/consecutive5xxErrors").as_u64() > Some(0),
            "{service}"
        );
        assert!(
            at(policy, "outlierDetection/maxEjectionPercent").as_u64() <= Some(50),
            "{service}"
        );
        assert!(at(policy, "connectionPool/tcp/maxConnections").as_u64() > Some(0), "{service}");
        assert!(!text(policy, "connectionPool/tcp/connectTimeout").is_empty(), "{service}");

        let routes = list(cluster.find("VirtualService", service).expect(service), "spec/http");
        let (last, streams) = routes.split_last().unwrap();
        assert_eq!(text(last, "timeout"), "10s", "{service}");
        // The caller has a budget for anything more: twice the retries would be four times the calls.
        assert_eq!(text(last, "retries/retryOn"), "connect-failure,refused-stream", "{service}");
        assert!(at(last, "retries/perTryTimeout").is_null(), "{service}: cuts what is merely slow");
        for stream in streams {
            assert_eq!(text(stream, "timeout"), "0s", "{service}");
            assert_eq!(text(stream, "match/0/uri/regex"), "/orders/[^/]+/updates");
        }
    }
}

#[test]
fn what_the_gateway_connects_to_is_a_connection_to_the_mesh() {
    let Some(cluster) = cluster(MESH) else { return };
    for service in cluster.all("Service") {
        let by_address = text(service, "spec/clusterIP") == "None";
        let expected = if by_address { "tcp" } else { "http" };
        assert_eq!(text(service, "spec/ports/0/appProtocol"), expected, "{}", name(service));
    }
}

#[test]
fn the_canary_gets_a_share_of_the_catalogs_calls() {
    let Some(cluster) = cluster(MESH) else { return };
    let routes = cluster.find("VirtualService", "catalog").unwrap();
    let split = list(routes, "spec/http/0/route");
    let weights: Vec<(&str, u64)> = split
        .iter()
        .map(|to| (text(to, "destination/subset"), to["weight"].as_u64().unwrap()))
        .collect();
    assert_eq!(weights.iter().map(|(_, weight)| weight).sum::<u64>(), 100);
    assert_eq!(weights.iter().map(|(subset, _)| *subset).collect::<Vec<_>>(), ["stable", "canary"]);

    let service = at(cluster.find("Service", "catalog").unwrap(), "spec/selector");
    for subset in list(cluster.find("DestinationRule", "catalog").unwrap(), "spec/subsets") {
        let of_subset: Vec<&Value> = cluster
            .all("Deployment")
            .filter(|d| selects(at(subset, "labels"), at(d, "spec/template")))
            .filter(|d| selects(service, at(d, "spec/template")))
            .collect();
        assert_eq!(of_subset.len(), 1, "{}", text(subset, "name"));
    }
    let canary = cluster.find("Deployment", "catalog-canary").unwrap();
    assert_eq!(text(canary, "spec/template/spec/serviceAccountName"), "catalog");
    assert_eq!(at(canary, "spec/replicas"), 1);
    // Two budgets over one pod would let nobody evict it.
    for deployment in cluster.all("Deployment") {
        let pod = at(deployment, "spec/template");
        let budgets = cluster.all("PodDisruptionBudget");
        let over_it = budgets.filter(|b| selects(at(b, "spec/selector/matchLabels"), pod)).count();
        assert_eq!(over_it, 1, "{}", name(deployment));
    }
}

#[test]
fn figures_can_be_asked_for_without_a_certificate() {
    let Some(cluster) = cluster(MESH) else { return };
    for monitor in cluster.all("PodMonitor") {
        assert_eq!(at(monitor, "spec/podMetricsEndpoints/0/portNumber"), 15020);
    }
    for service in cluster.services() {
        let annotations = at(service, "spec/template/metadata/annotations");
        let ports = list(service, "spec/template/spec/containers/0/ports");
        let wanted = if label(service, NAME) == "gateway" { "operations" } else { "http" };
        let port = ports.iter().find(|port| port["name"] == wanted).unwrap();
        assert_eq!(
            annotations["prometheus.io/port"],
            at(port, "containerPort").to_string(),
            "{}",
            name(service)
        );
    }
}

/// The arrows that authorization policies allow, with the port of whom is called.
fn allowed(cluster: &Cluster) -> BTreeSet<Arrow> {
    let mut arrows = BTreeSet::new();
    for policy in cluster.all("AuthorizationPolicy") {
        let to = at(policy, "spec/selector/matchLabels").get(NAME).and_then(Value::as_str);
        let Some(to) = to else { continue };
        let (_, port) = SERVICES.iter().find(|(service, _)| *service == to).unwrap();
        for rule in list(policy, "spec/rules") {
            assert_eq!(texts(list(rule, "to/0/operation/ports")), [port.to_string()], "{to}");
            for from in
                list(rule, "from").iter().flat_map(|from| list(from, "source/serviceAccounts"))
            {
                let from = from.as_str().unwrap();
                assert!(cluster.find("ServiceAccount", from).is_some(), "nobody is called {from}");
                arrows.insert((from.to_owned(), to.to_owned()));
            }
        }
    }
    arrows
}
