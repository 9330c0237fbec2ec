#![doc = include_str!("../README.md")]

mod made_up;

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use json_kit::FromJson;

use made_up::Sample;

const SCHEMA: &str = include_str!("../../../bff/web/schema.graphql");
/// More than the longest enum of the schema has values.
const ENUM_VALUES: usize = 12;

/// Fails when the document is not valid by the schema, or the type cannot read an answer to it.
///
/// # Panics
/// With what is wrong: it is meant for tests.
#[expect(clippy::panic, reason = "an assertion for tests")]
pub fn holds<T: FromJson>(document: &str) {
    let problems = problems::<T>(SCHEMA, document);
    if !problems.is_empty() {
        panic!("{}\n\nin {document}", problems.join("\n"));
    }
}

fn problems<T: FromJson>(schema: &str, document: &str) -> Vec<String> {
    let schema = match Schema::parse_and_validate(schema, "schema.graphql") {
        Ok(schema) => schema,
        Err(wrong) => return vec![wrong.errors.to_string()],
    };
    match ExecutableDocument::parse_and_validate(&schema, document, "document.graphql") {
        Ok(document) => unreadable::<T>(&schema, &document),
        Err(wrong) => vec![wrong.errors.to_string()],
    }
}

/// Answers that the schema allows and the type does not read.
fn unreadable<T: FromJson>(
    schema: &Valid<Schema>,
    document: &Valid<ExecutableDocument>,
) -> Vec<String> {
    let bare = Sample { is_full: false, turn: 0 };
    let full = (0..ENUM_VALUES).map(|turn| Sample { is_full: true, turn });
    std::iter::once(bare)
        .chain(full)
        .filter_map(|sample| {
            let answer = sample.answer(schema, document)?;
            let error = json_kit::read::<T>(&answer.to_string()).err()?;
            Some(format!("{error}: {answer:#}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::problems;
    use json_kit::FromJson;

    const SCHEMA: &str = "type Query { one: Thing, all: [Thing!]! }
        type Thing { name: String!, kind: Kind!, weight: Int }
        enum Kind { BIG, SMALL }";

    #[derive(FromJson)]
    #[expect(dead_code, reason = "only read into")]
    struct Data {
        one: Option<Thing>,
    }

    #[derive(FromJson)]
    #[expect(dead_code, reason = "only read into")]
    struct Thing {
        name: String,
        kind: Kind,
        weight: Option<i64>,
    }

    #[derive(FromJson)]
    enum Kind {
        Big,
        Small,
    }

    #[test]
    fn a_document_and_a_type_that_fit_the_schema_pass() {
        assert!(
            problems::<Data>(SCHEMA, "{ one { ...t } } fragment t on Thing { name kind weight }")
                .is_empty()
        );
    }

    #[test]
    fn a_field_that_the_schema_does_not_have_is_told() {
        let told = problems::<Data>(SCHEMA, "{ one { title } }").concat();

        assert!(told.contains("title"), "{told}");
    }

    #[test]
    fn null_where_the_type_expects_none_is_told() {
        #[derive(FromJson)]
        #[expect(dead_code, reason = "only read into")]
        struct Bold {
            one: Thing,
        }

        let told = problems::<Bold>(SCHEMA, "{ one { name kind weight } }").concat();

        assert!(told.contains("null"), "{told}");
    }

    #[test]
    fn an_enum_value_that_the_type_lacks_is_told() {
        #[derive(FromJson)]
        #[expect(dead_code, reason = "only read into")]
        struct Few {
            all: Vec<OnlyKind>,
        }
        #[derive(FromJson)]
        #[expect(dead_code, reason = "only read into")]
        struct OnlyKind {
            kind: OnlyBig,
        }
        #[derive(FromJson)]
        enum OnlyBig {
            Big,
        }

        let told = problems::<Few>(SCHEMA, "{ all { kind } }").concat();

        assert!(told.contains("SMALL"), "{told}");
    }
}
