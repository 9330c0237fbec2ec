//! The README and the code say the same.

use order_history::{SERVICE, code};

const README: &str = include_str!("../../README.md");

#[test]
fn the_readme_lists_every_code() {
    for code in code::ALL {
        assert!(README.contains(&format!("| `{code}` |")), "{code} is not in the README");
    }
}

#[test]
fn the_readme_lists_every_route_of_the_api_document() {
    let chassis = ["/health", "/metrics", "/info", "/openapi.json", "/ops/"];
    let own = ["/ops/audit", "/ops/rebuild"];

    for path in SERVICE.openapi().paths.paths.keys() {
        let is_everyones = chassis.iter().any(|prefix| path.starts_with(prefix));
        if !is_everyones || own.contains(&path.as_str()) {
            assert!(README.contains(path.as_str()), "{path} is not in the README");
        }
    }
}
