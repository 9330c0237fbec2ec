//! The payloads: what is known to have hurt GraphQL servers, and what is merely nonsense.

use serde_json::{Value, json};

pub(super) struct Payload {
    pub(super) name: String,
    pub(super) content_type: &'static str,
    pub(super) body: String,
}

const JSON: &str = "application/json";

pub(super) fn all() -> Vec<Payload> {
    [
        too_deep(),
        too_wide(),
        out_of_bounds(),
        fragments(),
        directives(),
        batches(),
        media(),
        malformed(),
        curious(),
        values(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn query(name: impl Into<String>, query: impl Into<String>) -> Payload {
    body(name, json!({ "query": query.into() }))
}

fn body(name: impl Into<String>, body: Value) -> Payload {
    raw(name, JSON, body.to_string())
}

fn raw(name: impl Into<String>, content_type: &'static str, body: impl Into<String>) -> Payload {
    Payload { name: name.into(), content_type, body: body.into() }
}

fn times(text: &str, count: usize) -> String {
    text.repeat(count)
}

fn too_deep() -> Vec<Payload> {
    let related = |depth| {
        let (open, close) = (times("related { ", depth), times("} ", depth));
        format!("{{ products {{ items {{ {open} id {close} }} }} }}")
    };
    let inline = |depth| {
        let (open, close) = (times("... on Query { ", depth), times("} ", depth));
        format!("{{ {open} categories {{ slug }} {close} }}")
    };
    vec![
        query("related, 8 deep", related(8)),
        query("related, 50 deep", related(50)),
        query("related, 400 deep", related(400)),
        query("inline fragments, 40 deep", inline(40)),
        query("inline fragments, 450 deep", inline(450)),
        query("braces, 3000 deep", times("{ a ", 1990)),
        query("unclosed braces", times("{", 7000)),
        query(
            "lists, 3000 deep",
            format!("{{ productsById(ids: {}) {{ id }} }}", times("[", 3000)),
        ),
        query(
            "list values, closed, 1500 deep",
            format!("{{ productsById(ids: {}{}) {{ id }} }}", times("[", 1500), times("]", 1500)),
        ),
        query(
            "objects as values, 800 deep",
            format!("{{ product(id: {}1{}) {{ id }} }}", times("{a:", 800), times("}", 800)),
        ),
        query(
            "list types, 3000 deep",
            format!(
                "query ($a: {}ID{}) {{ product(id: $a) {{ id }} }}",
                times("[", 3000),
                times("]", 3000)
            ),
        ),
        raw("JSON, 10000 deep", JSON, format!("{}{}", times("[", 10_000), times("]", 10_000))),
        raw(
            "variables, 10000 deep",
            JSON,
            format!(
                r#"{{"query":"{{ me {{ name }} }}","variables":{{"a":{}{}}}}}"#,
                times("[", 10_000),
                times("]", 10_000)
            ),
        ),
    ]
}

fn too_wide() -> Vec<Payload> {
    let aliases = |count: usize, field: &str| {
        let all: Vec<_> = (0..count).map(|n| format!("a{n}: {field}")).collect();
        all.join(" ")
    };
    let sign_in = r#"signIn(email: "a@example.org", password: "x") { customer { id } }"#;
    let guess = |n| {
        format!(
            r#"a{n}: signIn(email: "a@example.org", password: "guess-{n}") {{ customer {{ id }} }}"#
        )
    };
    let guesses: Vec<_> = (0..50).map(guess).collect();
    vec![
        query("aliases, 31", format!("{{ {} }}", aliases(31, "categories { slug }"))),
        query("aliases, 300", format!("{{ {} }}", aliases(300, "me { id }"))),
        query("aliases of a leaf, 900", format!("{{ categories {{ {} }} }}", aliases(900, "slug"))),
        query("aliases of __typename, 500", format!("{{ {} }}", aliases(500, "__typename"))),
        query("sign-ins, 6 at once", format!("mutation {{ {} }}", aliases(6, sign_in))),
        query("passwords, 50 at once", format!("mutation {{ {} }}", guesses.join(" "))),
        query(
            "lists in lists",
            "{ products(limit: 48) { items { related(limit: 12) { id slug name { en ko } } } } }",
        ),
        query(
            "lists in lists in lists",
            "{ products(limit: 48) { items { related(limit: 12) { related(limit: 12) { id } } } } }",
        ),
        query("mails of every order", "{ orders(limit: 50) { items { mails { id } } } }"),
        query(
            "inboxes of every order",
            "{ orders(limit: 50) { items { events { takenIn { service } } } } }",
        ),
        query(
            "every list at once",
            format!(
                "{{ {} }}",
                aliases(
                    8,
                    "products(limit: 48) { items { id slug name { en ko } prices { minor } } }"
                )
            ),
        ),
        query(
            "the same field, 1500 times",
            format!("{{ categories {{ {} }} }}", times("slug ", 1600)),
        ),
    ]
}

fn out_of_bounds() -> Vec<Payload> {
    vec![
        query("limit 49", "{ products(limit: 49) { next } }"),
        query("limit 0", "{ products(limit: 0) { next } }"),
        query("limit -1", "{ products(limit: -1) { next } }"),
        query("limit -2147483648", "{ products(limit: -2147483648) { next } }"),
        query("limit 2147483647", "{ products(limit: 2147483647) { items { id } } }"),
        query("limit 1e99", "{ products(limit: 1e99) { next } }"),
        query("limit beyond 64 bits", "{ products(limit: 99999999999999999999999) { next } }"),
        query("25 ids", format!("{{ productsById(ids: [{}]) {{ id }} }}", times("\"x\",", 25))),
        query("a long text", format!("{{ products(text: \"{}\") {{ next }} }}", times("a", 101))),
        query(
            "a document of 9000 bytes",
            format!("{{ categories {{ slug }} }} #{}", times("x", 9000)),
        ),
        query(
            "a document of 60000 bytes",
            format!("{{ categories {{ slug }} }} #{}", times("x", 60_000)),
        ),
        query("a body of 200000 bytes", times(" ", 200_000)),
    ]
}

fn fragments() -> Vec<Payload> {
    let chain: String = (0..60)
        .map(|n| format!("fragment F{n} on Category {{ ...F{} ...F{} }} ", n + 1, n + 1))
        .collect();
    vec![
        query("a fragment of itself", "{ categories { ...F } } fragment F on Category { ...F }"),
        query(
            "two fragments of each other",
            "{ categories { ...F } } fragment F on Category { ...G } fragment G on Category { ...F }",
        ),
        query(
            "a ring through a field",
            "{ products { items { ...F } } } fragment F on Product { related { ...F } }",
        ),
        query(
            "fragments that double, 60 times",
            format!("{{ categories {{ ...F0 }} }} {chain} fragment F60 on Category {{ slug }}"),
        ),
        query("a fragment that is not there", "{ categories { ...Nowhere } }"),
        query("a fragment nobody uses", "{ categories { slug } } fragment F on Category { slug }"),
        query("a fragment on another type", "{ categories { ...F } } fragment F on Cart { id }"),
    ]
}

fn directives() -> Vec<Payload> {
    vec![
        query(
            "@skip, 300 times",
            format!("{{ categories {} {{ slug }} }}", times("@skip(if: false) ", 300)),
        ),
        query(
            "unknown directives, 300",
            format!("{{ categories {} {{ slug }} }}", times("@aa ", 300)),
        ),
        query(
            "@include, 5 times",
            format!("{{ categories {} {{ slug }} }}", times("@include(if: true) ", 5)),
        ),
        query("@deprecated in a query", "{ categories @deprecated { slug } }"),
    ]
}

fn batches() -> Vec<Payload> {
    let one = json!({ "query": "{ categories { slug } }" });
    let sign_in = json!({ "query": crate::support::SIGN_IN });
    vec![
        body("a batch of 6", json!(vec![one.clone(); 6])),
        body("a batch of 500", json!(vec![one.clone(); 500])),
        body("sign-ins in a batch of 100", json!(vec![sign_in; 100])),
        body("an empty batch", json!([])),
        body("a batch in a batch", json!([[one]])),
        body("a batch of numbers", json!([1, 2, 3])),
    ]
}

fn media() -> Vec<Payload> {
    let text = json!({ "query": "mutation { signOut }" }).to_string();
    let multipart = "--x\r\ncontent-disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"mutation { signOut }\"}\r\n--x--";
    vec![
        raw("plain text", "text/plain", text.clone()),
        raw("a form", "application/x-www-form-urlencoded", "query=mutation%20%7B%20signOut%20%7D"),
        raw("multipart", "multipart/form-data; boundary=x", multipart),
        raw("application/graphql", "application/graphql", "mutation { signOut }"),
        raw("CBOR", "application/cbor", "\u{1}"),
        raw("two types in one", "text/plain; application/json", text.clone()),
        raw("no type", "", text),
    ]
}

fn malformed() -> Vec<Payload> {
    vec![
        raw("nothing", JSON, ""),
        raw("no JSON", JSON, "{ categories { slug } }"),
        raw("half of JSON", JSON, r#"{"query":"{ categories"#),
        raw("null", JSON, "null"),
        raw("no query", JSON, "{}"),
        raw("a query that is a number", JSON, r#"{"query":1}"#),
        raw(
            "variables that are a text",
            JSON,
            r#"{"query":"{ categories { slug } }","variables":"x"}"#,
        ),
        raw("a lone surrogate", JSON, r#"{"query":"{ product(id: \"\ud800\") { id } }"}"#),
        query("an empty document", ""),
        query("only a comment", "# nothing"),
        query(
            "two operations, neither named",
            "query A { categories { slug } } query B { categories { slug } }",
        ),
        body(
            "an operation that is not there",
            json!({ "query": "query A { categories { slug } }", "operationName": "B" }),
        ),
        query("a zero byte", "{ categories { slug \u{0} } }"),
        query("a subscription by POST", "subscription { orderUpdated(id: \"x\") { id } }"),
        query("type definitions", "type Query { a: Int }"),
        query("an unclosed text", "{ product(id: \"\"\"x) { id } }"),
    ]
}

fn curious() -> Vec<Payload> {
    vec![
        query("a wrong field", "{ categorie { slug } }"),
        query("a field of another type", "{ me { password } }"),
        query("no field", "{ categories }"),
        query("fields of a leaf", "{ categories { slug { x } } }"),
    ]
}

fn values() -> Vec<Payload> {
    vec![
        query("a text for a number", "{ products(limit: \"1\") { next } }"),
        query("a price with a fraction", "{ products(minPrice: 1.5, currency: KRW) { next } }"),
        query("a price as text", "{ products(minPrice: \"1\", currency: KRW) { next } }"),
        query("an unknown currency", "{ products(currency: EUR) { next } }"),
        query("an argument twice", "{ products(limit: 1, limit: 2) { next } }"),
        query("an unknown argument", "{ products(first: 1) { next } }"),
        query("a missing argument", "{ product { id } }"),
        body(
            "a missing variable",
            json!({ "query": "query ($id: ID!) { product(id: $id) { id } }", "variables": {} }),
        ),
        body(
            "a variable of another type",
            json!({ "query": "query ($n: Int!) { products(limit: $n) { next } }", "variables": { "n": {} } }),
        ),
        query(
            "both ways to pay",
            "mutation { payAgain(idempotencyKey: \"k\", input: { order: \"x\", \
            paymentMethod: { card: \"y\", storeCredit: true } }) { id } }",
        ),
    ]
}
