use identity::seed::DEMO;

const README: &str = include_str!("../../README.md");

#[test]
fn the_readme_lists_every_code() {
    let listed: Vec<_> = README
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter(|(_, rest)| rest.as_bytes()[..3].iter().all(u8::is_ascii_digit))
        .map(|(code, _)| code)
        .collect();

    assert_eq!(listed, identity::CODES);
}

#[test]
fn the_readme_tells_the_demo_accounts() {
    for account in DEMO {
        let line = format!("`{}` / `{}`", account.email, account.password);
        assert!(README.contains(&line), "{line}");
    }
}

#[test]
fn the_api_document_names_every_route_of_the_readme() {
    let document = identity::SERVICE.openapi();

    for path in [
        "/customers",
        "/customers/me",
        "/sessions",
        "/sessions/refresh",
        "/sessions/current",
        "/guests",
        "/tokens/service",
        "/.well-known/jwks.json",
        "/ops/keys",
        "/ops/keys/rotate",
        "/ops/audit",
    ] {
        assert!(document.paths.paths.contains_key(path), "{path} is not documented");
        assert!(README.contains(&format!("{path}`")), "{path} is not in the README");
    }
}
