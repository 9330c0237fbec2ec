//! Answers made up from a document and the schema.

use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Map, Value, json};

/// One way to answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// Whether what may be null is there, and lists have something in them.
    pub(crate) is_full: bool,
    /// Which value of each enum.
    pub(crate) turn: usize,
}

impl Sample {
    /// The `data` of an answer to the document's one operation.
    pub(crate) fn answer(self, schema: &Schema, document: &ExecutableDocument) -> Option<Value> {
        let operation = document.operations.get(None).ok()?;
        let mut data = Map::new();
        self.select(schema, document, &operation.selection_set, &mut data);
        Some(Value::Object(data))
    }

    fn select(
        self,
        schema: &Schema,
        document: &ExecutableDocument,
        set: &SelectionSet,
        into: &mut Map<String, Value>,
    ) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let value = self.value(schema, document, field, field.ty());
                    into.insert(field.response_key().to_string(), value);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.fragment_name) {
                        self.select(schema, document, &fragment.selection_set, into);
                    }
                }
                Selection::InlineFragment(inline) => {
                    self.select(schema, document, &inline.selection_set, into);
                }
            }
        }
    }

    fn value(
        self,
        schema: &Schema,
        document: &ExecutableDocument,
        field: &Field,
        ty: &Type,
    ) -> Value {
        if !ty.is_non_null() && !self.is_full {
            return Value::Null;
        }
        match ty {
            Type::List(item) | Type::NonNullList(item) if self.is_full => {
                json!([self.value(schema, document, field, item)])
            }
            Type::List(_) | Type::NonNullList(_) => json!([]),
            Type::Named(name) | Type::NonNullNamed(name) => match schema.types.get(name) {
                Some(ExtendedType::Enum(found)) => {
                    let values: Vec<_> = found.values.keys().collect();
                    let value = values.get(self.turn % values.len().max(1));
                    json!(value.map(ToString::to_string))
                }
                Some(ExtendedType::Scalar(_)) => scalar(name.as_str()),
                _ => {
                    let mut object = Map::new();
                    self.select(schema, document, &field.selection_set, &mut object);
                    Value::Object(object)
                }
            },
        }
    }
}

fn scalar(name: &str) -> Value {
    match name {
        "Int" => json!(7),
        // Larger than any 32 bits.
        "MinorUnits" => json!(9_000_000_000_i64),
        "Float" => json!(1.5),
        "Boolean" => json!(true),
        "DateTime" => json!("2026-05-03T10:00:00Z"),
        _ => json!("text"),
    }
}
