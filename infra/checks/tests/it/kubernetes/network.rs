//! Who may reach whom: network policies against the arrows of ARCHITECTURE.md.

use std::collections::BTreeSet;
use std::fs;

use infra_checks::arrows::Arrow;
use infra_checks::cluster::{Cluster, NAME, OVERLAYS};
use infra_checks::object::{at, label, list, name, text, texts};
use serde_json::{Value, json};

use super::workloads::services;
use super::{LOCAL, MESH, PRODUCTION, can_render, cluster, drawn, drawn_inside};

/// A cache of names that some clusters run on each node.
const NAMES_ON_THE_NODE: &str = "169.254.20.10/32";

#[test]
fn policies_allow_just_the_arrows() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        let drawn = if overlay == LOCAL { drawn() } else { drawn_inside() };
        assert_eq!(allowed(&cluster, "ingress"), drawn, "{overlay}: who is let in");
        assert_eq!(allowed(&cluster, "egress"), drawn, "{overlay}: who is let out");
    }
}

#[test]
fn a_missing_and_a_further_arrow_are_noticed() {
    if !can_render() {
        return;
    }
    let changed = |from: &'static str, to: &'static str| {
        Cluster::render_changed(PRODUCTION, move |infra| {
            let path = infra.join("k8s/base/network/order.yaml");
            let whole = fs::read_to_string(&path)?;
            assert!(whole.contains(from), "{from}");
            Ok(fs::write(path, whole.replace(from, to))?)
        })
        .unwrap()
    };

    let fewer = changed("                  - web-bff\n", "");
    let more = changed(
        "                  - web-bff\n",
        "                  - web-bff\n                  - email\n",
    );
    let out = changed(
        "                  - catalog\n      ports:\n        - port: 8102\n",
        "                  - payment\n      ports:\n        - port: 8104\n",
    );

    assert_ne!(allowed(&fewer, "ingress"), drawn_inside());
    assert_ne!(allowed(&more, "ingress"), drawn_inside());
    assert_ne!(allowed(&out, "egress"), drawn_inside());
}

#[test]
fn what_no_policy_allows_is_denied() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        let spec = at(cluster.find("NetworkPolicy", "default-deny").unwrap(), "spec");
        assert_eq!(at(spec, "podSelector"), &json!({}));
        assert_eq!(texts(list(spec, "policyTypes")), ["Ingress", "Egress"]);
        assert!(at(spec, "ingress").is_null() && at(spec, "egress").is_null());

        // Open doors: the gateway's, and in the mesh that of the proxy before it.
        let open = cluster.all("NetworkPolicy").filter(|policy| {
            list(policy, "spec/ingress").iter().any(|rule| at(rule, "from").is_null())
        });
        let doors = if overlay == MESH { vec!["entry", "gateway"] } else { vec!["gateway"] };
        let mut open: Vec<&str> = open.map(name).collect();
        open.sort_unstable();
        assert_eq!(open, doors, "{overlay}");
    }
}

#[test]
fn only_payment_and_email_reach_the_world_and_nothing_private_there() {
    let Some(cluster) = cluster(PRODUCTION) else { return };
    let mut who = BTreeSet::new();
    for policy in cluster.all("NetworkPolicy") {
        let to = list(policy, "spec/egress").iter().flat_map(|rule| list(rule, "to"));
        let blocks = to.map(|to| at(to, "ipBlock")).filter(|block| block.is_object());
        for block in blocks.filter(|block| block["cidr"] != NAMES_ON_THE_NODE) {
            who.extend(selected(at(policy, "spec/podSelector")));
            let kept = texts(list(block, "except"));
            for private in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"] {
                assert!(kept.contains(&private), "{}: {private}", name(policy));
            }
        }
    }
    assert_eq!(who, BTreeSet::from(["email", "payment"]));
}

#[test]
fn stores_are_reached_by_those_who_keep_something_there() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        for service in cluster.services() {
            let pod = at(service, "spec/template");
            let variables = list(pod, "spec/containers/0/env");
            let url = variables.iter().find(|v| v["name"] == "SHOP_DATABASE__URL");
            let store = match url {
                None => "",
                Some(url) if text(url, "value").starts_with("postgres:") => "postgres",
                Some(_) => "mongodb",
            };
            assert_eq!(label(pod, "shop/store"), store, "{overlay}: {}", name(service));
            let publishes = variables.iter().any(|v| v["name"] == "SHOP_BROKER__URL");
            assert_eq!(!label(pod, "shop/broker").is_empty(), publishes, "{}", name(service));
        }
        let stores = [
            ("postgres", json!({"shop/store": "postgres"}), 5432),
            ("rabbitmq", json!({"shop/broker": "rabbitmq"}), 5672),
            ("mongo", json!({"shop/store": "mongodb"}), 27017),
        ];
        for (store, users, port) in stores {
            let policy = cluster.find("NetworkPolicy", store).expect(store);
            assert_eq!(at(policy, "spec/ingress/0/ports/0/port"), port);
            let out = cluster.find("NetworkPolicy", &format!("to-{store}")).expect(store);
            assert_eq!(at(out, "spec/egress/0/ports/0/port"), port);
            assert_eq!(at(policy, "spec/ingress/0/from/0/podSelector/matchLabels"), &users);
            assert_eq!(at(out, "spec/podSelector/matchLabels"), &users);
            assert_eq!(at(out, "spec/egress/0/to/0/podSelector"), at(policy, "spec/podSelector"));
        }
    }
}

/// The arrows that policies of services allow, seen from the one end or the other.
fn allowed(cluster: &Cluster, direction: &str) -> BTreeSet<Arrow> {
    let ports = services(&cluster.overlay);
    let mut arrows = BTreeSet::new();
    for policy in cluster.all("NetworkPolicy") {
        let side = if direction == "ingress" { "from" } else { "to" };
        for own in selected(at(policy, "spec/podSelector")) {
            for rule in list(policy, &format!("spec/{direction}")) {
                let others =
                    list(rule, side).iter().filter(|peer| at(peer, "namespaceSelector").is_null());
                for other in others.flat_map(|peer| selected(at(peer, "podSelector"))) {
                    let (from, to) = if side == "from" { (other, own) } else { (own, other) };
                    // Caught mails have no port of ours.
                    if let Some((_, port)) = ports.iter().find(|(service, _)| *service == to) {
                        assert_eq!(
                            at(rule, "ports/0/port"),
                            *port,
                            "{}: {from} to {to}",
                            name(policy)
                        );
                        assert_eq!(list(rule, "ports").len(), 1, "{}", name(policy));
                    }
                    arrows.insert((from.to_owned(), drawn_as(to)));
                }
            }
        }
    }
    arrows
}

fn drawn_as(name: &str) -> String {
    if name == "mailpit" { "SMTP".to_owned() } else { name.to_owned() }
}

/// The services a selector names.
fn selected(selector: &Value) -> Vec<&str> {
    let exact = at(selector, "matchLabels").get(NAME).and_then(Value::as_str);
    let listed = list(selector, "matchExpressions")
        .iter()
        .filter(|expression| expression["key"] == NAME && expression["operator"] == "In")
        .flat_map(|expression| texts(list(expression, "values")));
    let is_store = |name: &&str| *name == "rabbitmq";
    exact.into_iter().chain(listed).filter(|name| !is_store(name)).collect()
}
