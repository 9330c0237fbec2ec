//! Who may call what.

use crate::support::Example;

#[tokio::test]
async fn each_route_lets_in_whom_it_names_and_nobody_else() {
    let example = Example::start().await;
    let callers = [
        ("customer", example.customer()),
        ("guest", example.guest()),
        ("operator", example.operator()),
        ("service", example.service()),
    ];

    for (path, welcome) in [
        ("/as/customer", &["customer"][..]),
        ("/as/guest", &["guest"]),
        ("/as/shopper", &["customer", "guest"]),
        ("/as/operator", &["operator"]),
        ("/as/service", &["service", "operator"]),
        ("/as/reader", &["customer", "service", "operator"]),
    ] {
        for (name, token) in &callers {
            let expected = if welcome.contains(name) { 200 } else { 403 };
            let answer = example.get_as(path, token).await;

            assert_eq!(answer.status(), expected, "{name} at {path}");
        }
    }
}

#[tokio::test]
async fn nobody_without_a_token_is_asked_for_one() {
    let example = Example::start().await;

    for path in ["/as/customer", "/as/guest", "/as/shopper", "/as/operator", "/as/service"] {
        let answer = example.get(path).await;

        assert_eq!(answer.status(), 401, "{path}");
        assert_eq!(answer.headers()["www-authenticate"], "Bearer realm=\"shop\"");
    }
}

#[tokio::test]
async fn an_optional_shopper_may_be_absent_but_not_forged() {
    let example = Example::start().await;
    let path = "/as/optional-shopper";

    let absent = example.get(path).await;
    let present = example.get_as(path, &example.guest()).await;
    let forged = example.get_as(path, "a.b.c").await;

    assert_eq!(absent.text().await.unwrap(), "None");
    assert!(present.text().await.unwrap().starts_with("Some(Guest("));
    assert_eq!(forged.status(), 401);
}
