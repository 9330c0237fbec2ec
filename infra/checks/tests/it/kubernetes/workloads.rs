//! What every service comes with.

use infra_checks::cluster::{Cluster, NAME, OVERLAYS};
use infra_checks::object::{at, kind, label, list, name, text, texts};
use serde_json::Value;

use super::{LOCAL, PRODUCTION, cluster, none_of};

/// Everything that is deployed on its own, and where it listens.
pub(crate) const SERVICES: [(&str, u16); 14] = [
    ("identity", 8101),
    ("catalog", 8102),
    ("order", 8103),
    ("payment", 8104),
    ("email", 8105),
    ("order-history", 8106),
    ("web-bff", 8110),
    ("mobile-bff", 8111),
    ("storefront", 8080),
    ("catalog-ui", 8080),
    ("checkout-ui", 8080),
    ("orders-ui", 8080),
    ("account-ui", 8080),
    ("gateway", 8080),
];

/// Only where no money is taken.
pub(crate) const SANDBOX: (&str, u16) = ("sandbox-provider", 8107);

/// The services of an overlay.
pub(crate) fn services(overlay: &str) -> Vec<(&'static str, u16)> {
    let sandbox = (overlay == LOCAL).then_some(SANDBOX);
    SERVICES.into_iter().chain(sandbox).collect()
}

#[test]
fn every_service_comes_with_all_it_needs() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        none_of(&lacking(&cluster));
        let known = |d: &&Value| services(overlay).iter().any(|(n, _)| *n == label(d, NAME));
        let unknown: Vec<&str> = cluster.services().filter(|d| !known(d)).map(name).collect();
        assert!(unknown.is_empty(), "{overlay}: not in our table: {unknown:?}");
    }
}

#[test]
fn a_service_that_lacks_something_is_noticed() {
    let Some(whole) = cluster(PRODUCTION) else { return };
    let losses: [(&str, Loss); 6] = [
        ("Deployment", |o| drop(container(o).remove("livenessProbe"))),
        ("Deployment", |o| container(o)["readinessProbe"]["httpGet"]["path"] = "/".into()),
        ("Deployment", |o| o["spec"]["template"]["spec"]["serviceAccountName"] = "default".into()),
        ("Deployment", |o| container(o)["envFrom"] = Value::Null),
        ("Service", |o| o["spec"]["ports"][0]["port"] = 80.into()),
        ("PodDisruptionBudget", |o| o["metadata"]["name"] = "other".into()),
    ];
    for (of, lose) in losses {
        let cluster = whole.changed(|objects| {
            let payments = objects.iter_mut().find(|o| kind(o) == of && name(o) == "payment");
            lose(payments.unwrap());
        });
        assert!(!lacking(&cluster).is_empty(), "nobody noticed what a {of} lost");
    }
    let needed =
        ["Deployment", "Service", "ServiceAccount", "PodDisruptionBudget", "NetworkPolicy", "Job"];
    for of in needed {
        let is_payments = |o: &Value| kind(o) == of && name(o).starts_with("payment");
        let cluster = whole.changed(|objects| objects.retain(|o| !is_payments(o)));
        assert!(!lacking(&cluster).is_empty(), "nobody noticed that a {of} is gone");
    }
}

/// What happens to an object of that kind.
type Loss = fn(&mut Value);

fn container(deployment: &mut Value) -> &mut serde_json::Map<String, Value> {
    let place = "/spec/template/spec/containers/0";
    deployment.pointer_mut(place).unwrap().as_object_mut().unwrap()
}

fn lacking(cluster: &Cluster) -> Vec<String> {
    services(&cluster.overlay)
        .into_iter()
        .flat_map(|(service, port)| {
            let of_one = match cluster.find("Deployment", service) {
                Some(deployment) => lacking_of(cluster, deployment, port),
                None => vec!["a deployment".to_owned()],
            };
            let overlay = &cluster.overlay;
            of_one.into_iter().map(move |what| format!("{overlay}: {service} lacks {what}"))
        })
        .collect()
}

fn lacking_of(cluster: &Cluster, deployment: &Value, port: u16) -> Vec<String> {
    let service = name(deployment);
    let pod = at(deployment, "spec/template");
    let app = at(pod, "spec/containers/0");
    let mut faults = lacking_probes(app, service);
    let mut must = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    let listens =
        list(app, "ports").iter().any(|p| p["name"] == "http" && p["containerPort"] == port);
    must(listens, "its port");
    must(text(pod, "spec/serviceAccountName") == service, "an account of its own in its pods");
    let account = cluster.find("ServiceAccount", service);
    must(
        account.is_some_and(|a| a["automountServiceAccountToken"] == false),
        "an account without token",
    );
    let reached = cluster.find("Service", service).is_some_and(|s| {
        selects(at(s, "spec/selector"), pod)
            && at(s, "spec/ports/0/port") == port
            && at(s, "spec/ports/0/targetPort") == "http"
    });
    must(reached, "a name in DNS with its port");
    let budget = cluster.find("PodDisruptionBudget", service);
    must(
        budget.is_some_and(|b| selects(at(b, "spec/selector/matchLabels"), pod)),
        "a disruption budget",
    );
    for place in ["topology.kubernetes.io/zone", "kubernetes.io/hostname"] {
        let spread = list(pod, "spec/topologySpreadConstraints").iter().any(|constraint| {
            constraint["topologyKey"] == place
                && selects(at(constraint, "labelSelector/matchLabels"), pod)
        });
        must(spread, "spreading");
    }
    let policy = cluster.find("NetworkPolicy", service);
    must(
        policy.is_some_and(|p| selects(at(p, "spec/podSelector/matchLabels"), pod)),
        "a network policy",
    );
    let maps = list(app, "envFrom").iter().map(|from| text(from, "configMapRef/name"));
    let own =
        maps.filter(|map| map.starts_with(&format!("{service}-settings"))).collect::<Vec<_>>();
    must(own.iter().any(|map| cluster.find("ConfigMap", map).is_some()), "settings of its own");
    if list(app, "env").iter().any(|entry| entry["name"] == "SHOP_DATABASE__URL") {
        must(migrates(cluster, service, pod), "a job that migrates, apart from its servers");
    }
    faults
}

fn lacking_probes(app: &Value, service: &str) -> Vec<String> {
    let (live, ready, port) = match service {
        "gateway" => ("/healthz", "/readyz", "operations"),
        _ => ("/health/live", "/health/ready", "http"),
    };
    let probes = [("startupProbe", live), ("livenessProbe", live), ("readinessProbe", ready)];
    let lacking = probes.into_iter().filter(|(probe, path)| {
        let asked = at(app, &format!("{probe}/httpGet"));
        text(asked, "path") != *path || text(asked, "port") != port
    });
    lacking.map(|(probe, path)| format!("a {probe} at {path}")).collect()
}

/// A job with the same image, account and database, whose pods nobody takes for a server.
fn migrates(cluster: &Cluster, service: &str, server: &Value) -> bool {
    let Some(job) = cluster.find("Job", &format!("{service}-migration")) else { return false };
    let pod = at(job, "spec/template");
    let (app, of_server) = (at(pod, "spec/containers/0"), at(server, "spec/containers/0"));
    let database =
        |app| list(app, "env").iter().find(|entry| entry["name"] == "SHOP_DATABASE__URL").cloned();
    let found_by_services = cluster.all("Service").any(|s| selects(at(s, "spec/selector"), pod));
    texts(list(app, "args")) == ["--migrate"]
        && app["image"] == of_server["image"]
        && database(app) == database(of_server)
        && !found_by_services
}

/// Whether a pod has all labels of a selector, which has some.
pub(crate) fn selects(selector: &Value, pod: &Value) -> bool {
    let labels = at(pod, "metadata/labels");
    selector.as_object().is_some_and(|selector| {
        !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
    })
}
