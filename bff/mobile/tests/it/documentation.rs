//! The API document is committed, and the README has every route.

use std::collections::BTreeSet;

use mobile_bff::SERVICE;
use serde_json::Value;

#[test]
fn the_committed_document_is_the_one_the_code_describes() {
    let committed: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
    let described: Value = serde_json::from_str(&SERVICE.openapi().to_json().unwrap()).unwrap();

    assert!(
        committed == described,
        "bff/mobile/openapi.json is out of date: review and write it anew with \
         `cargo run -p mobile-bff -- --print-openapi > bff/mobile/openapi.json`"
    );
}

#[test]
fn the_readme_names_every_route() {
    let named = named();
    let document = SERVICE.openapi();

    let mut count = 0;
    for (path, item) in &document.paths.paths {
        let Some(path) = path.strip_prefix("/api/v1") else { continue };
        let methods = serde_json::to_value(item).unwrap();
        for method in methods.as_object().unwrap().keys() {
            let route = format!("{} {}", method.to_uppercase(), without_names(path));
            assert!(named.contains(&route), "the README's table lacks {route}; it has {named:#?}");
            count += 1;
        }
    }
    assert_eq!(count, named.len(), "the README's table has routes that are none");
}

/// The routes of the README's table, as `GET /orders/{}`: the first column, where methods that share
/// a path are written before it, with commas.
fn named() -> BTreeSet<String> {
    let readme = include_str!("../../README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| ")?.split('|').next());
    let code = rows.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let mut methods = Vec::new();
    let mut routes = BTreeSet::new();
    for text in code {
        let (method, path) = text.split_once(' ').map_or((text, None), |(m, p)| (m, Some(p)));
        if !["GET", "POST", "PUT", "DELETE"].contains(&method) {
            continue;
        }
        methods.push(method);
        if let Some(path) = path {
            let path = without_names(path.split('?').next().unwrap());
            routes.extend(methods.drain(..).map(|method| format!("{method} {path}")));
        }
    }
    routes
}

/// What stands in braces is named for people.
fn without_names(path: &str) -> String {
    let parts = path.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    parts.collect::<Vec<_>>().join("{}")
}

#[test]
fn every_route_is_under_its_version_or_the_chassis() {
    let chassis = ["/health/live", "/health/ready", "/metrics", "/info", "/openapi.json"];

    for path in SERVICE.openapi().paths.paths.keys() {
        assert!(path.starts_with("/api/v1/") || chassis.contains(&path.as_str()), "{path}");
    }
}
