//! Settings written out for a person, with what must stay secret left out.

use ::config::{Map, Value, ValueKind};

/// Parts of a key whose value is never shown.
const SECRET_WORDS: [&str; 5] = ["secret", "password", "private", "token", "dsn"];

pub(super) fn write(settings: &Value) -> String {
    let mut lines = Vec::new();
    if let ValueKind::Table(table) = &settings.kind {
        collect("", table, &mut lines);
    }
    lines.sort();
    lines.join("\n")
}

fn collect(path: &str, table: &Map<String, Value>, lines: &mut Vec<String>) {
    for (key, value) in table {
        let key = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match &value.kind {
            ValueKind::Table(table) => collect(&key, table, lines),
            _ if is_secret(&key) => lines.push(format!("{key} = \"<secret>\"")),
            kind => lines.push(format!("{key} = {}", literal(kind))),
        }
    }
}

fn is_secret(key: &str) -> bool {
    SECRET_WORDS.iter().any(|word| key.contains(word))
}

fn literal(kind: &ValueKind) -> String {
    match kind {
        ValueKind::String(text) => format!("{:?}", without_password(text)),
        ValueKind::Array(values) => {
            let items: Vec<_> = values.iter().map(|value| literal(&value.kind)).collect();
            format!("[{}]", items.join(", "))
        }
        ValueKind::Nil => "\"\"".to_owned(),
        other => other.to_string(),
    }
}

/// `scheme://user:password@host` without the password.
fn without_password(text: &str) -> String {
    let hidden = || {
        let (scheme, rest) = text.split_once("://")?;
        let authority_end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(authority_end)?;
        let (user, host) = authority.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:<secret>@{host}{path}"))
    };
    hidden().unwrap_or_else(|| text.to_owned())
}
