//! `cargo shop`: the developer's verbs.

fn main() {}
