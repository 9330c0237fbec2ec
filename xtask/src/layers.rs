//! Checks that no package depends on what its place in the house forbids (ARCHITECTURE.md).

mod graph;

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process::output_of;

pub use graph::Graph;
use graph::{Package, Use};

/// What the core of a hexagonal service may name in its manifest.
const CORE_MAY_USE: [&str; 8] = [
    "async-trait",
    "chrono",
    "serde",
    "serde_json",
    "shop-contracts",
    "shop-kernel",
    "thiserror",
    "uuid",
];

/// Frameworks, drivers and runtimes: a core must not reach them by any way.
const INFRASTRUCTURE: [&str; 11] = [
    "actix-rt",
    "actix-web",
    "hyper",
    "lapin",
    "mongodb",
    "reqwest",
    "sea-orm",
    "sqlx",
    "sqlx-core",
    "tokio",
    "tower",
];

/// What the guards around calls know nothing of, so that they fit calls of any kind.
const HTTP: [&str; 4] = ["actix-web", "http", "hyper", "reqwest"];

/// Nothing above the published language may be known below it.
const LANGUAGE: [&str; 2] = ["shop-kernel", "shop-contracts"];

/// Tests of `payment` charge the sandbox provider, and nobody else's.
const SERVICE_IN_TESTS: (&str, &str) = ("payment", "sandbox-provider");

/// Reads the packages of both workspaces through `cargo metadata` and names every broken rule.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for place in ["", "frontend"] {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["metadata", "--format-version", "1"]).current_dir(root.join(place));
        let graph = Graph::parse(&output_of(&mut command, None)?, place)
            .context("cargo metadata answered with something else")?;
        broken.extend(violations(&graph));
    }
    Ok(broken)
}

/// Every rule that is broken, in words.
pub fn violations(graph: &Graph) -> Vec<String> {
    let mut broken = Vec::new();
    for package in graph.members() {
        if package.name.ends_with("-core") {
            core_names_only_what_is_allowed(package, &mut broken);
            reaches_none(graph, package, &INFRASTRUCTURE, &mut broken);
        }
        if package.name == "xtask" || LANGUAGE.contains(&package.name.as_str()) {
            reaches_none(graph, package, &INFRASTRUCTURE, &mut broken);
        }
        if package.name == "resilience" {
            reaches_none(graph, package, &HTTP, &mut broken);
        }
        if LANGUAGE.contains(&package.name.as_str()) || package.folder.starts_with("frontend/") {
            knows_no_chassis(graph, package, &mut broken);
        }
        if is_service(package) {
            knows_no_other_service(graph, package, &mut broken);
        }
        if package.folder.starts_with("bff/") {
            asks_services_over_http(graph, package, &mut broken);
        }
    }
    broken
}

fn core_names_only_what_is_allowed(package: &Package, broken: &mut Vec<String>) {
    for (name, _) in package.uses.iter().filter(|(_, kind)| *kind == Use::Normal) {
        if !CORE_MAY_USE.contains(&name.as_str()) {
            broken.push(format!("{} may not depend on {name}: a core is rules only", package.name));
        }
    }
}

fn reaches_none(graph: &Graph, package: &Package, names: &[&str], broken: &mut Vec<String>) {
    for name in names {
        if let Some(way) = graph.way(package, &|found| found.name == *name) {
            broken.push(format!("{} may not reach {name}: {way}", package.name));
        }
    }
}

fn knows_no_chassis(graph: &Graph, package: &Package, broken: &mut Vec<String>) {
    if let Some(way) = graph.way(package, &|found| found.name.starts_with("chassis")) {
        broken.push(format!("{} may not know the chassis: {way}", package.name));
    }
}

fn knows_no_other_service(graph: &Graph, package: &Package, broken: &mut Vec<String>) {
    for (name, kind) in &package.uses {
        let Some(other) = graph.member(name).filter(|other| is_service(other)) else {
            continue;
        };
        let in_tests = *kind == Use::InTests && SERVICE_IN_TESTS == (&package.name, name);
        if !in_tests && !is_own_core(package, other) {
            broken.push(format!(
                "{} may not depend on {}: services meet over HTTP and the broker",
                package.name, other.name,
            ));
        }
    }
}

/// Its tests may run a service, to ask the real one.
fn asks_services_over_http(graph: &Graph, package: &Package, broken: &mut Vec<String>) {
    for (name, kind) in &package.uses {
        if *kind != Use::InTests && graph.member(name).is_some_and(is_service) {
            broken.push(format!(
                "{} may not depend on {name}: a BFF asks services over HTTP",
                package.name,
            ));
        }
    }
}

fn is_service(package: &Package) -> bool {
    package.folder.starts_with("services/")
}

fn is_own_core(service: &Package, core: &Package) -> bool {
    core.folder == format!("{}/core", service.folder)
}

#[cfg(test)]
mod tests;
