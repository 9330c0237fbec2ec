//! What holds for every pod that we shape: the restricted standard, bounds, pinned images.

use infra_checks::cluster::{Cluster, OVERLAYS};
use infra_checks::object::{at, kind, list, name, text, texts};
use serde_json::Value;

use super::{LOCAL, PRODUCTION, cluster, none_of};

#[test]
fn every_pod_keeps_the_restricted_standard() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        none_of(&unrestricted(&cluster));
    }
}

#[test]
fn every_container_has_requests_and_limits_that_fit_what_was_measured() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        none_of(&unbounded(&cluster));
    }
}

#[test]
fn every_image_is_pinned() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        none_of(&floating(&cluster));
    }
}

#[test]
fn a_loose_pod_is_noticed() {
    let Some(whole) = cluster(PRODUCTION) else { return };
    let faults = |from: &str, to: &str| {
        let cluster = whole.changed(|objects| {
            for object in objects {
                *object = serde_json::from_str(&object.to_string().replace(from, to)).unwrap();
            }
        });
        assert_ne!(cluster.objects, whole.objects, "{from} is nowhere");
        [unrestricted(&cluster), unbounded(&cluster), floating(&cluster)].concat()
    };

    for (from, to) in [
        (r#""runAsNonRoot":true"#, r#""runAsNonRoot":false"#),
        (r#""readOnlyRootFilesystem":true"#, r#""readOnlyRootFilesystem":false"#),
        (r#""allowPrivilegeEscalation":false"#, r#""allowPrivilegeEscalation":true"#),
        (r#""type":"RuntimeDefault""#, r#""type":"Unconfined""#),
        (r#""drop":["ALL"]"#, r#""drop":["CHOWN"]"#),
        (r#""automountServiceAccountToken":false,"#, ""),
        (r#""memory":"128Mi""#, r#""memory":"32Mi""#),
        (r#""limits":"#, r#""limit":"#),
        ("/order:0.1.0", "/order:latest"),
        ("/order:0.1.0", "/order"),
    ] {
        assert!(!faults(from, to).is_empty(), "nobody noticed {to} for {from}");
    }
}

/// The pods of an overlay: whose they are, and their specification.
fn pods(cluster: &Cluster) -> impl Iterator<Item = (String, &Value)> {
    let ours = cluster.objects.iter().filter(|o| ["Deployment", "Job"].contains(&kind(o)));
    ours.map(|o| (format!("{} {}", kind(o), name(o)), at(o, "spec/template/spec")))
}

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    list(pod, "initContainers").iter().chain(list(pod, "containers"))
}

fn unrestricted(cluster: &Cluster) -> Vec<String> {
    let mut faults = Vec::new();
    for (owner, pod) in pods(cluster) {
        let mut must = |holds: bool, what: &str| {
            if !holds {
                faults.push(format!("{}: {owner}: {what}", cluster.overlay));
            }
        };
        must(at(pod, "securityContext/runAsNonRoot") == true, "runs as root");
        let profile = text(pod, "securityContext/seccompProfile/type");
        must(profile == "RuntimeDefault", "has no seccomp profile");
        must(at(pod, "automountServiceAccountToken") == false, "gets a token of the cluster");
        for field in ["hostNetwork", "hostPID", "hostIPC"] {
            must(at(pod, field).is_null(), field);
        }
        for container in containers(pod) {
            let context = at(container, "securityContext");
            must(at(context, "allowPrivilegeEscalation") == false, "may gain privileges");
            must(at(context, "readOnlyRootFilesystem") == true, "may write to its image");
            must(texts(list(context, "capabilities/drop")) == ["ALL"], "keeps capabilities");
            must(at(context, "capabilities/add").is_null(), "adds capabilities");
        }
        for volume in list(pod, "volumes") {
            must(at(volume, "hostPath").is_null(), "mounts a folder of its machine");
        }
    }
    faults
}

fn unbounded(cluster: &Cluster) -> Vec<String> {
    let mut faults = Vec::new();
    for (owner, pod) in pods(cluster) {
        for container in containers(pod) {
            let asked = mebibytes(text(container, "resources/requests/memory"));
            let most = mebibytes(text(container, "resources/limits/memory"));
            let cpu = !text(container, "resources/requests/cpu").is_empty()
                && !text(container, "resources/limits/cpu").is_empty();
            // Services were measured at 12 to 45 MiB: half as much again must fit, ten times must not.
            let is_service = text(container, "startupProbe/httpGet/path") == "/health/live";
            let needed = if is_service { 64 } else { 16 };
            if !cpu || asked == 0 || asked > most || most < needed || most > 450 {
                faults.push(format!("{}: {owner}: {}", cluster.overlay, container["resources"]));
            }
        }
    }
    faults
}

fn mebibytes(quantity: &str) -> u64 {
    quantity.strip_suffix("Mi").and_then(|count| count.parse().ok()).unwrap_or_default()
}

fn floating(cluster: &Cluster) -> Vec<String> {
    let of_pods = pods(cluster).flat_map(|(_, pod)| containers(pod)).map(|c| text(c, "image"));
    let of_stores = ["spec/imageName", "spec/image"]
        .into_iter()
        .flat_map(|path| cluster.objects.iter().map(move |object| text(object, path)))
        .filter(|image| !image.is_empty());
    let is_loose = |image: &&str| !is_pinned(image, &cluster.overlay);
    of_pods.chain(of_stores).filter(is_loose).map(str::to_owned).collect()
}

fn is_pinned(image: &str, overlay: &str) -> bool {
    let Some((_, tag)) = image.rsplit_once(':') else { return false };
    // Where images are built by hand they are called `dev`.
    let may_be_dev = overlay == LOCAL && image.starts_with("localhost/saga-shop/");
    let is_version = tag.chars().next().is_some_and(|c| c.is_ascii_digit() || c == 'v');
    !tag.contains('/') && (tag.contains('.') && is_version || may_be_dev && tag == "dev")
        || image.contains("@sha256:")
}
