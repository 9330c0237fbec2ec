use shop_contracts::routing::EMAIL_NOTICES;

const README: &str = include_str!("../../README.md");

#[test]
fn the_readme_names_every_message_heard_and_the_code() {
    for kind in EMAIL_NOTICES.types {
        assert!(README.contains(&format!("| `{kind}` |")), "{kind}");
    }
    assert!(README.contains(&format!("| `{}` | 404 |", email::MAIL_UNKNOWN)));
}

#[test]
fn the_api_document_names_every_route() {
    let document = email::SERVICE.openapi();

    for path in ["/mails", "/mails/{id}", "/ops/audit", "/inbox", "/feed", "/ops/due-work"] {
        assert!(document.paths.paths.contains_key(path), "{path} is not documented");
    }
}
