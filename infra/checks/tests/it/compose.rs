//! The compose file: what every container has, and that it agrees with the code.

mod confined;
mod settings;

use std::fs;
use std::path::PathBuf;

use infra_checks::yaml;
use serde_json::{Map, Value};
use xtask::workspace::root;

fn infra(name: &str) -> PathBuf {
    root().join("infra").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(infra(name)).unwrap()
}

fn services(file: &str) -> Map<String, Value> {
    yaml::read(&infra(file)).unwrap()["services"].as_object().unwrap().clone()
}

/// Those of the file that people start, and those on top of it that `compose-check` starts.
fn all_services() -> Vec<(String, Value)> {
    services("compose.yaml").into_iter().chain(services("compose.check.yaml")).collect()
}

fn words(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(map) => map.keys().map(String::as_str).collect(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn environment<'s>(service: &'s Value, key: &str) -> Option<&'s str> {
    service["environment"][key].as_str()
}
