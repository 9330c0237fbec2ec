//! Reading Kubernetes objects without asking at each step whether there is one.

use serde_json::Value;

/// What is at a path as `spec/template/spec`; a number is a place in a list. `Null` where there is nothing.
#[must_use]
pub fn at<'a>(object: &'a Value, path: &str) -> &'a Value {
    path.split('/').fold(object, |found, step| {
        match found {
            Value::Array(list) => step.parse().ok().and_then(|at: usize| list.get(at)),
            found => found.get(step),
        }
        .unwrap_or(&Value::Null)
    })
}

/// The text at a path, empty where there is none.
#[must_use]
pub fn text<'a>(object: &'a Value, path: &str) -> &'a str {
    at(object, path).as_str().unwrap_or_default()
}

/// The list at a path, empty where there is none.
#[must_use]
pub fn list<'a>(object: &'a Value, path: &str) -> &'a [Value] {
    at(object, path).as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The label of that name, on the object or, as `spec/template`, further in.
#[must_use]
pub fn label<'a>(object: &'a Value, name: &str) -> &'a str {
    let labels = at(object, "metadata/labels");
    labels.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What it is called.
#[must_use]
pub fn name(object: &Value) -> &str {
    text(object, "metadata/name")
}

/// What sort of thing it is.
#[must_use]
pub fn kind(object: &Value) -> &str {
    text(object, "kind")
}

/// The texts in a list.
#[must_use]
pub fn texts(list: &[Value]) -> Vec<&str> {
    list.iter().filter_map(Value::as_str).collect()
}
