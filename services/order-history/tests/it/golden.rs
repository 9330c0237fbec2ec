//! Contracts: every golden file of the facts this service hears can be read, with more in it.

use std::path::PathBuf;

use order_history::fact::Fact;
use serde_json::{Value, json};
use shop_contracts::RawEnvelope;
use shop_contracts::routing::HISTORY_FACTS;

#[test]
fn every_golden_message_is_a_fact_even_with_fields_nobody_knows() {
    let golden = golden_messages();

    for (name, message) in &golden {
        let plain: RawEnvelope = serde_json::from_value(message.clone()).unwrap();
        let extended: RawEnvelope = serde_json::from_value(with_more(message.clone())).unwrap();

        let (plain, extended) = (Fact::read(&plain), Fact::read(&extended));

        assert_eq!(plain.as_ref().ok(), extended.as_ref().ok(), "{name}");
        assert!(plain.is_ok(), "{name}: {plain:?}");
    }
    for kind in HISTORY_FACTS.types {
        assert!(golden.iter().any(|(_, message)| message["type"] == *kind), "no golden {kind}");
    }
}

fn golden_messages() -> Vec<(String, Value)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../crates/shop-contracts/golden");
    let folders = std::fs::read_dir(root).unwrap();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
    let messages = files.map(|file| {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        (path.display().to_string(), serde_json::from_str::<Value>(&text).unwrap())
    });
    messages
        .filter(|(_, message)| HISTORY_FACTS.types.iter().any(|kind| message["type"] == **kind))
        .collect()
}

/// Adds a field to every object except amounts, whose shape is closed by design.
fn with_more(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let is_amount = fields.contains_key("minor");
            let mut more: serde_json::Map<_, _> =
                fields.into_iter().map(|(name, value)| (name, with_more(value))).collect();
            if !is_amount {
                more.insert("added_later".to_owned(), json!({ "by": "a newer producer" }));
            }
            Value::Object(more)
        }
        Value::Array(items) => Value::Array(items.into_iter().map(with_more).collect()),
        other => other,
    }
}
