//! Lifts events of old forms to the present one, a function per step.
//!
//! Steps are never changed: what they lift was written once and stays.

use serde::de::Error as _;
use serde_json::{Map, Value, json};

use super::history::CorruptHistory;

/// In form 1 all prices were bare numbers beside one currency, and no language was asked for.
pub(super) fn placed_1_to_2(mut data: Value) -> Result<Value, CorruptHistory> {
    let placed = data.as_object_mut().ok_or_else(|| unreadable("not an object"))?;
    let currency = placed.remove("currency").ok_or_else(|| unreadable("no currency"))?;
    let lines = placed
        .get_mut("lines")
        .and_then(Value::as_array_mut)
        .ok_or_else(|| unreadable("no lines"))?;
    for line in lines.iter_mut().filter_map(Value::as_object_mut) {
        price_with(line, &currency)?;
    }
    placed.entry("locale").or_insert_with(|| json!("en"));
    Ok(data)
}

fn price_with(line: &mut Map<String, Value>, currency: &Value) -> Result<(), CorruptHistory> {
    let minor = line.remove("unit_price").ok_or_else(|| unreadable("no price"))?;
    line.insert("unit_price".to_owned(), json!({ "minor": minor, "currency": currency }));
    Ok(())
}

fn unreadable(what: &str) -> CorruptHistory {
    CorruptHistory::Unreadable {
        kind: "placed".to_owned(),
        source: serde_json::Error::custom(what),
    }
}

#[cfg(test)]
mod tests;
