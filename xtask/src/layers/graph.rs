//! The packages of the workspace and what each depends on, as `cargo metadata` tells it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// All packages, by their id.
#[derive(Debug, Default)]
pub struct Graph {
    pub(super) packages: BTreeMap<String, Package>,
    pub(super) members: BTreeSet<String>,
}

/// One package.
#[derive(Debug, Default, Clone)]
pub(super) struct Package {
    pub(super) name: String,
    /// Relative to the repository; empty for packages from elsewhere.
    pub(super) folder: String,
    /// Names of its direct dependencies.
    pub(super) uses: Vec<(String, Use)>,
    /// Ids of the packages it is built with, tests aside.
    pub(super) links: Vec<String>,
}

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Normal,
    InBuild,
    InTests,
}

impl Graph {
    /// Reads the output of `cargo metadata --format-version 1`, of a workspace in this folder of ours.
    pub fn parse(json: &str, place: &str) -> serde_json::Result<Self> {
        let metadata: Metadata = serde_json::from_str(json)?;
        let mut packages = BTreeMap::new();
        for found in metadata.packages {
            let folder = found.manifest_path.strip_prefix(metadata.workspace_root.as_str());
            let folder = folder.and_then(|path| path.strip_suffix("Cargo.toml"));
            let folder = folder.map(|folder| format!("{place}{folder}")).unwrap_or_default();
            let folder = folder.trim_matches('/').to_owned();
            packages.insert(found.id, Package { name: found.name, folder, ..Package::default() });
        }
        let names: BTreeMap<String, String> =
            packages.iter().map(|(id, package)| (id.clone(), package.name.clone())).collect();
        for node in metadata.resolve.nodes {
            let Some(package) = packages.get_mut(&node.id) else {
                continue;
            };
            for link in node.deps {
                let name = names.get(&link.pkg).cloned().unwrap_or_default();
                for dep_kind in link.dep_kinds {
                    let kind = dep_kind.as_use();
                    package.uses.push((name.clone(), kind));
                    if kind == Use::Normal {
                        package.links.push(link.pkg.clone());
                    }
                }
            }
        }
        Ok(Self { packages, members: metadata.workspace_members })
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.members.iter().filter_map(|id| self.packages.get(id))
    }

    pub(super) fn member(&self, name: &str) -> Option<&Package> {
        self.members().find(|package| package.name == name)
    }

    /// The shortest way from a package to one that matches, as `a -> b -> c`.
    pub(super) fn way(&self, from: &Package, matches: &dyn Fn(&Package) -> bool) -> Option<String> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut ways = vec![(from, from.name.clone())];
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for (package, way) in ways {
                for id in package.links.iter().filter(|id| seen.insert(id.as_str())) {
                    let Some(next) = self.packages.get(id) else {
                        continue;
                    };
                    let way = format!("{way} -> {}", next.name);
                    if matches(next) {
                        return Some(way);
                    }
                    longer.push((next, way));
                }
            }
            ways = longer;
        }
        None
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<FoundPackage>,
    workspace_members: BTreeSet<String>,
    workspace_root: String,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct FoundPackage {
    id: String,
    name: String,
    manifest_path: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    pkg: String,
    dep_kinds: Vec<DepKind>,
}

#[derive(Deserialize)]
struct DepKind {
    kind: Option<String>,
}

impl DepKind {
    fn as_use(&self) -> Use {
        match self.kind.as_deref() {
            Some("dev") => Use::InTests,
            Some("build") => Use::InBuild,
            _ => Use::Normal,
        }
    }
}
