use reqwest::Method;
use serde_json::json;
use testkit::databases;

use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn a_customer_registers_signs_in_and_reads_their_account() {
    for db in databases().await {
        let shop = TestApp::start(db).await;

        let registered = shop.register("Ada@Example.org").await;
        let session = shop.sign_in("ada@example.org", PASSWORD).await;
        let me = shop.get("/customers/me", &session.text("access_token")).await;

        assert_eq!((registered.status, session.status, me.status), (201, 201, 200));
        assert!(registered.text("id").starts_with("cus_"));
        assert_eq!(me.body, registered.body);
        assert_eq!(session.body["customer"], registered.body);
        assert_eq!(me.body["email"], "ada@example.org");
        assert_eq!(me.body["role"], "customer");
        assert!(me.body.get("password_hash").is_none());
    }
}

#[tokio::test]
async fn an_email_address_has_one_account() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        shop.register("ada@example.org").await;

        let again = shop.register(" ADA@example.org").await;

        assert_eq!((again.status, again.code()), (409, "email-taken"));
    }
}

#[tokio::test]
async fn two_who_register_one_address_at_once_get_one_account() {
    for db in databases().await {
        let shop = TestApp::start(db).await;

        let (one, other) =
            tokio::join!(shop.register("ada@example.org"), shop.register("ada@example.org"));

        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
    }
}

#[tokio::test]
async fn a_weak_password_is_refused_with_the_reason() {
    let shop = TestApp::start(testkit::TestDb::sqlite()).await;

    for (password, reason) in [
        ("short", "a password has at least 10 characters"),
        ("ada@example.org", "the password is the email address or a part of it"),
        ("aaaaaaaaaaaa", "the password repeats too few characters"),
    ] {
        let body = json!({ "email": "ada@example.org", "name": "Ada", "password": password });
        let refused = shop.post("/customers", body).await;
        assert_eq!((refused.status, refused.code()), (422, "weak-password"), "{password}");
        assert_eq!(refused.text("detail"), reason);
    }
}

#[tokio::test]
async fn nobody_chooses_their_own_role_or_id() {
    let shop = TestApp::start(testkit::TestDb::sqlite()).await;
    let session = shop.ada().await;
    let token = session.text("access_token");
    let extras = [
        json!({ "role": "operator" }),
        json!({ "roles": ["operator"] }),
        json!({ "id": "cus_00000000000000000000000000000001" }),
        json!({ "password_hash": "x" }),
        json!({ "created_at": "2020-01-01T00:00:00Z" }),
        json!({ "email": "eve@example.org" }),
    ];

    for extra in &extras {
        let name = extra.as_object().unwrap().keys().next().unwrap();
        let mut account =
            json!({ "email": "eve@example.org", "name": "Eve", "password": PASSWORD });
        account[name] = extra[name].clone();
        if name != "email" {
            let registered = shop.post("/customers", account).await;
            assert_eq!((registered.status, registered.code()), (422, "not-valid"), "{name}");
        }
        let changed =
            shop.send(Method::PATCH, "/customers/me", Some(&token), Some(extra.clone())).await;
        assert_eq!((changed.status, changed.code()), (422, "not-valid"), "{name}");
    }

    let me = shop.get("/customers/me", &token).await;
    assert_eq!(me.body, session.body["customer"]);
}

#[tokio::test]
async fn what_is_left_out_of_a_change_stays() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        let token = shop.ada().await.text("access_token");
        let change = |body| shop.send(Method::PATCH, "/customers/me", Some(&token), Some(body));

        let renamed = change(json!({ "name": "  Ada Lovelace " })).await;
        let moved = change(json!({ "locale": "ko" })).await;
        let same = change(json!({})).await;

        assert_eq!(
            (&renamed.body["name"], &renamed.body["locale"]),
            (&json!("Ada Lovelace"), &json!("en"))
        );
        assert_eq!(
            (&moved.body["name"], &moved.body["locale"]),
            (&json!("Ada Lovelace"), &json!("ko"))
        );
        assert_eq!(same.body, moved.body);
    }
}

#[tokio::test]
async fn a_bad_body_is_answered_with_what_is_wrong_with_it() {
    let shop = TestApp::start(testkit::TestDb::sqlite()).await;

    for (content_type, body, status, code) in [
        ("application/json", "", 400, "malformed-json"),
        ("application/json", "{", 400, "malformed-json"),
        ("application/json", "[]", 422, "not-valid"),
        ("application/json", "null", 422, "not-valid"),
        ("application/json", r#"{"email":"ada@example.org"}"#, 422, "not-valid"),
        ("application/json", r#"{"email":1,"name":"A","password":"x"}"#, 422, "not-valid"),
        ("application/json", r#"{"email":{"$ne":""},"name":"A","password":"x"}"#, 422, "not-valid"),
        ("text/plain", r#"{"email":"ada@example.org"}"#, 415, "not-json"),
    ] {
        let refused = shop.raw("/customers", content_type, body).await;
        assert_eq!((refused.status, refused.code()), (status, code), "{body:?}");
    }
    let body = json!({ "email": "ada", "name": "Ada\nBcc: eve@example.org", "password": PASSWORD });
    let refused = shop.post("/customers", body).await;
    let mut pointers: Vec<_> =
        refused.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    pointers.sort_by_key(ToString::to_string);
    assert_eq!((refused.status, pointers), (422, vec![json!("/email"), json!("/name")]));
}

#[tokio::test]
async fn a_stored_password_is_an_argon2id_hash_with_the_parameters_of_owasp() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        shop.register("ada@example.org").await;

        let stored = shop.column("SELECT password_hash FROM customers").await;

        assert!(stored[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored:?}");
    }
}
