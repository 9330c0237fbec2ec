//! The gateway says the same as the documents that describe what is behind it.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;
use xtask::{tool, workspace};

use super::shop::{Setup, settings};

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

fn read(path: &str) -> String {
    fs::read_to_string(workspace::root().join(path)).unwrap()
}

/// A route that is added to the mobile BFF as public must be let through here, and no other.
#[test]
fn a_token_is_asked_for_where_the_mobile_api_says_so() {
    let shop = Setup::default().env("GATEWAY_SENSITIVE_RATE", "100").start();
    let document: Value = serde_json::from_str(&read("bff/mobile/openapi.json")).unwrap();
    let mut asked = 0;

    for (path, operations) in document["paths"].as_object().unwrap() {
        if !path.starts_with("/api/v1/") {
            assert_eq!(shop.get(path).status, 404, "{path} is for nobody outside");
            continue;
        }
        for (method, operation) in operations.as_object().unwrap() {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let needs = operation["security"].as_array().is_some_and(|ways| {
                !ways.is_empty() && ways.iter().all(|way| way.get("bearer").is_some())
            });
            let path = path.replace('{', "a-").replace('}', "-z");
            let answer = shop.ask(&method.to_uppercase(), &path, &[], "");

            let expected = if needs { 401 } else { 200 };
            assert_eq!(answer.status, expected, "{method} {path}: {answer:?}");
            asked += 1;
        }
    }
    assert!(asked > 15, "the document has {asked} operations");
}

#[test]
fn the_settings_are_good_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let signer = chassis::auth::TokenSigner::generate().unwrap();
    super::shop::publish(&gateway_keys::Folder::new(dir.path().to_owned()), &[&signer]);

    let check = Command::new(tool::HAPROXY.ensure().unwrap())
        .args(["-c", "-q", "-f"])
        .arg(settings())
        .env("GATEWAY_KEYS", dir.path())
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&check.stderr).into_owned();
    assert!(check.status.success() && !said.contains("WARNING"), "{said}");
}

#[test]
fn every_variable_is_in_the_readme() {
    let settings = read("infra/gateway/haproxy.cfg");
    let readme = read("infra/gateway/README.md");

    let names = |text: &str| -> BTreeSet<String> {
        let words = text.split(|letter: char| !(letter.is_ascii_uppercase() || letter == '_'));
        words.filter(|word| word.starts_with("GATEWAY_")).map(str::to_owned).collect()
    };
    let missing: Vec<_> = names(&settings).difference(&names(&readme)).cloned().collect();
    assert!(missing.is_empty(), "the README does not say what these do: {missing:?}");
}
