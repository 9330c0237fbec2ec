//! `schema.graphql` is what pages are written against: it says what the code does, and a change
//! that would break a page is called one.

mod changes;

use std::path::PathBuf;

use changes::{Change, changes};

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let (committed, served) = (std::fs::read_to_string(&path).unwrap(), web_bff::sdl());
    if committed == served {
        return;
    }
    let changes = changes(&committed, &served);
    let breaks = changes.iter().any(Change::breaks);
    let accepted = std::env::var("UPDATE_SCHEMA").unwrap_or_default();
    if accepted == "breaking" || (accepted == "1" && !breaks) {
        std::fs::write(&path, served).unwrap();
        return;
    }
    let list: Vec<_> = changes.iter().map(ToString::to_string).collect();
    let list =
        if list.is_empty() { "only words and order differ".to_owned() } else { list.join("\n") };
    let how = if breaks {
        "Pages that are open or deployed would break. Add beside it and deprecate instead; if it \
         must be: UPDATE_SCHEMA=breaking cargo test -p web-bff --test it schema"
    } else {
        "No page breaks. Accept with: UPDATE_SCHEMA=1 cargo test -p web-bff --test it schema"
    };
    panic!("schema.graphql is not what is served.\n\n{list}\n\n{how}");
}

fn told(before: &str, after: &str) -> Vec<String> {
    let query = "type Query { a: Int }";
    let [before, after] = [before, after].map(|rest| format!("{query} {rest}"));
    changes(&before, &after).iter().map(ToString::to_string).collect()
}

#[test]
fn what_breaks_a_page_is_called_so() {
    for (before, after, expected) in [
        ("type T { a: Int b: Int }", "type T { a: Int }", "BREAKING: T.b is gone"),
        ("type T { a: Int }", "", "BREAKING: T is gone"),
        ("type T { a: Int! }", "type T { a: Int }", "BREAKING: T.a was Int! and is Int"),
        ("type T { a: Int }", "type T { a: [Int] }", "BREAKING: T.a was Int and is [Int]"),
        ("type T { a(x: Int): Int }", "type T { a: Int }", "BREAKING: T.a(x) is gone"),
        ("type T { a: Int }", "type T { a(x: Int!): Int }", "BREAKING: T.a(x) is new and required"),
        (
            "type T { a(x: Int): Int }",
            "type T { a(x: Int!): Int }",
            "BREAKING: T.a(x) was Int and is Int!",
        ),
        ("enum E { A B }", "enum E { A }", "BREAKING: E.B is gone"),
        ("input I { a: Int }", "input I { a: Int b: Int! }", "BREAKING: I.b is new and required"),
        ("input I { a: Int }", "input I { a: Int! }", "BREAKING: I.a was Int and is Int!"),
        ("type T { a: Int }", "input T { a: Int }", "BREAKING: T is another kind of type"),
    ] {
        assert_eq!(told(before, after), [expected], "{before} -> {after}");
    }
}

#[test]
fn what_breaks_no_page_is_called_so() {
    for (before, after, expected) in [
        ("type T { a: Int }", "type T { a: Int! }", "safe: T.a was Int and is Int!"),
        ("type T { a: [Int] }", "type T { a: [Int!]! }", "safe: T.a was [Int] and is [Int!]!"),
        ("type T { a: Int }", "type T { a: Int b: Int }", "safe: T.b is new"),
        ("", "type T { a: Int }", "safe: T is new"),
        ("type T { a: Int }", "type T { a(x: Int): Int }", "safe: T.a(x) is new"),
        ("type T { a: Int }", "type T { a(x: Int! = 3): Int }", "safe: T.a(x) is new"),
        ("input I { a: Int! }", "input I { a: Int }", "safe: I.a was Int! and is Int"),
        ("input I { a: Int }", "input I { a: Int b: Int! = 1 }", "safe: I.b is new"),
        ("enum E { A }", "enum E { A B }", "safe: E.B is new"),
    ] {
        assert_eq!(told(before, after), [expected], "{before} -> {after}");
    }
    assert!(told("type T { a: Int }", "\"Words.\" type T { a: Int }").is_empty());
}
