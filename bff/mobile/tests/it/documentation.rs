//! The API document is committed, and the README has every route.

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
    let readme = include_str!("../../README.md");
    let document = SERVICE.openapi();

    let routes = document.paths.paths.keys().filter_map(|path| path.strip_prefix("/api/v1"));
    let mut count = 0;
    for route in routes {
        let words = route.split(['{', '}']).next().unwrap().trim_end_matches('/');
        assert!(readme.contains(words), "{route} is missing in the README");
        count += 1;
    }
    assert!(count >= 15, "only {count} routes");
}

#[test]
fn every_route_is_under_its_version_or_the_chassis() {
    let chassis = ["/health/live", "/health/ready", "/metrics", "/info", "/openapi.json"];

    for path in SERVICE.openapi().paths.paths.keys() {
        assert!(path.starts_with("/api/v1/") || chassis.contains(&path.as_str()), "{path}");
    }
}
