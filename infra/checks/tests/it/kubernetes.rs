//! The manifests of `infra/k8s` and `infra/istio`: by the schemas of those who will read them, and by what we hold
//! every service to.

mod mesh;
mod network;
mod pods;
mod scaling;
mod schemas;
mod settings;
pub(crate) mod workloads;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use infra_checks::arrows::{self, Arrow};
use infra_checks::cluster::Cluster;
use xtask::tool::{KUBECTL, PYTHON};
use xtask::{console, workspace};

pub(crate) const LOCAL: &str = "overlays/local";
pub(crate) const PRODUCTION: &str = "overlays/production";
pub(crate) const MESH: &str = "overlays/production-mesh";

/// An overlay as it would be applied; `None`, and said so, where nothing can render it.
pub(crate) fn cluster(overlay: &str) -> Option<Arc<Cluster>> {
    static RENDERED: Mutex<BTreeMap<String, Arc<Cluster>>> = Mutex::new(BTreeMap::new());
    if !can_render() {
        return None;
    }
    // Most tests ask for the same three.
    let mut rendered = RENDERED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = rendered.entry(overlay.to_owned());
    Some(known.or_insert_with(|| Arc::new(Cluster::render(overlay).unwrap())).clone())
}

/// Whether there is what renders and reads manifests.
pub(crate) fn can_render() -> bool {
    static CAN: OnceLock<Result<(), String>> = OnceLock::new();
    let ask = || KUBECTL.ensure().and(PYTHON.ensure()).map(drop);
    let can = CAN.get_or_init(|| ask().map_err(|error| format!("{error:#}")));
    if let Err(why) = can {
        console::progress("skipped", why);
    }
    can.is_ok()
}

/// The arrows of ARCHITECTURE.md.
pub(crate) fn drawn() -> BTreeSet<Arrow> {
    let page = std::fs::read_to_string(workspace::root().join("ARCHITECTURE.md")).unwrap();
    arrows::read(&page).unwrap()
}

/// Those that stay within a cluster without a sandbox: the others lead to the world.
pub(crate) fn drawn_inside() -> BTreeSet<Arrow> {
    let outside = ["sandbox-provider", "SMTP"];
    let is_inside = |name: &String| !outside.contains(&name.as_str());
    drawn().into_iter().filter(|(from, to)| is_inside(from) && is_inside(to)).collect()
}

/// Fails with all faults at once.
#[track_caller]
pub(crate) fn none_of(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
