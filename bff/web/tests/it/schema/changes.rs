//! Compares two schemas as a page sees them.

use std::collections::BTreeMap;
use std::fmt;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned};

#[derive(Debug)]
pub(super) enum Change {
    Breaking(String),
    Safe(String),
}

impl Change {
    pub(super) fn breaks(&self) -> bool {
        matches!(self, Self::Breaking(_))
    }

    fn of(breaks: bool, what: String) -> Self {
        if breaks { Self::Breaking(what) } else { Self::Safe(what) }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Breaking(what) => write!(f, "BREAKING: {what}"),
            Self::Safe(what) => write!(f, "safe: {what}"),
        }
    }
}

/// Whether values of a type go to pages or come from them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Out,
    In,
}

/// What is different, by name.
pub(super) fn changes(before: &str, after: &str) -> Vec<Change> {
    let (before, after) = (types(before), types(after));
    let mut changes = Vec::new();
    compared(&before, &after, "", false, &mut changes, |name, before, after, changes| {
        of_type(name, &before.kind, &after.kind, changes);
    });
    changes
}

fn types(sdl: &str) -> BTreeMap<String, TypeDefinition> {
    let document = parse_schema(sdl).unwrap();
    let types = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(of) => Some((of.node.name.node.to_string(), of.node)),
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    });
    types.collect()
}

/// Notes what is gone and what is new, and looks into what stayed.
fn compared<T>(
    before: &BTreeMap<String, T>,
    after: &BTreeMap<String, T>,
    prefix: &str,
    new_breaks: bool,
    changes: &mut Vec<Change>,
    look: impl Fn(&str, &T, &T, &mut Vec<Change>),
) {
    for (name, was) in before {
        let full = format!("{prefix}{name}");
        match after.get(name) {
            None => changes.push(Change::Breaking(format!("{full} is gone"))),
            Some(is) => look(&full, was, is, changes),
        }
    }
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        changes.push(Change::of(new_breaks, format!("{prefix}{name} is new")));
    }
}

fn of_type(name: &str, before: &TypeKind, after: &TypeKind, changes: &mut Vec<Change>) {
    let prefix = format!("{name}.");
    match (before, after) {
        (TypeKind::Scalar, TypeKind::Scalar) => {}
        (TypeKind::Object(before), TypeKind::Object(after)) => {
            let [before, after] = [before, after].map(|of| {
                let fields = of.fields.iter().map(|field| &field.node);
                fields.map(|field| (field.name.node.to_string(), field)).collect::<BTreeMap<_, _>>()
            });
            compared(&before, &after, &prefix, false, changes, |name, was, is, changes| {
                of_value(name, &was.ty.node, &is.ty.node, Way::Out, changes);
                let form = |argument: &str| format!("{name}({argument})");
                of_inputs(&was.arguments, &is.arguments, form, changes);
            });
        }
        (TypeKind::InputObject(before), TypeKind::InputObject(after)) => {
            let form = |field: &str| format!("{prefix}{field}");
            of_inputs(&before.fields, &after.fields, form, changes);
        }
        (TypeKind::Enum(before), TypeKind::Enum(after)) => {
            let [before, after] = [before, after].map(|of| {
                let values = of.values.iter().map(|value| &value.node.value.node);
                values.map(|value: &Name| (value.to_string(), ())).collect::<BTreeMap<_, _>>()
            });
            compared(&before, &after, &prefix, false, changes, |_, (), (), _| {});
        }
        _ => changes.push(Change::Breaking(format!("{name} is another kind of type"))),
    }
}

fn of_inputs(
    before: &[Positioned<InputValueDefinition>],
    after: &[Positioned<InputValueDefinition>],
    form: impl Fn(&str) -> String,
    changes: &mut Vec<Change>,
) {
    let named = |all: &[Positioned<InputValueDefinition>]| {
        let all = all.iter().map(|one| (one.node.name.node.to_string(), one.node.clone()));
        all.collect::<BTreeMap<_, _>>()
    };
    let (before, after) = (named(before), named(after));
    for (name, was) in &before {
        match after.get(name) {
            None => changes.push(Change::Breaking(format!("{} is gone", form(name)))),
            Some(is) => of_value(&form(name), &was.ty.node, &is.ty.node, Way::In, changes),
        }
    }
    for (name, is) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        let required = !is.ty.node.nullable && is.default_value.is_none();
        let what = if required { "is new and required" } else { "is new" };
        changes.push(Change::of(required, format!("{} {what}", form(name))));
    }
}

fn of_value(name: &str, was: &Type, is: &Type, way: Way, changes: &mut Vec<Change>) {
    if was == is {
        return;
    }
    // Pages may be given more than they count on, and send more than is needed.
    let fits = match way {
        Way::Out => stands_for(is, was),
        Way::In => stands_for(was, is),
    };
    changes.push(Change::of(!fits, format!("{name} was {was} and is {is}")));
}

/// Whether every value of `narrow` is one of `wide`.
fn stands_for(narrow: &Type, wide: &Type) -> bool {
    let nullable = wide.nullable || !narrow.nullable;
    nullable
        && match (&narrow.base, &wide.base) {
            (BaseType::Named(narrow), BaseType::Named(wide)) => narrow == wide,
            (BaseType::List(narrow), BaseType::List(wide)) => stands_for(narrow, wide),
            (BaseType::Named(_), BaseType::List(_)) | (BaseType::List(_), BaseType::Named(_)) => {
                false
            }
        }
}
