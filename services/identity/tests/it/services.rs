use chassis::auth::{Role, Subject, Verifier};
use reqwest::Method;
use serde_json::json;
use testkit::TestDb;

use crate::support::{ORDER_SECRET, TestApp};

#[tokio::test]
async fn a_service_that_knows_its_secret_gets_a_token_anyone_can_verify() {
    let shop = TestApp::start(TestDb::sqlite()).await;

    let granted =
        shop.post("/tokens/service", json!({ "service": "order", "secret": ORDER_SECRET })).await;
    let jwks = shop.send(Method::GET, "/.well-known/jwks.json", None, None).await;
    let keys = serde_json::from_value(jwks.body).unwrap();
    let verifier = Verifier::with_keys(&keys, shop.clock.clone());
    let claims = verifier.verify(&granted.text("access_token")).await.unwrap();

    assert_eq!((granted.status, &granted.body["expires_in"]), (200, &json!(600)));
    assert_eq!(claims.sub, Subject::Service("order".to_owned()));
    assert_eq!(claims.roles, [Role::Service]);
}

#[tokio::test]
async fn a_wrong_secret_and_an_unknown_service_get_the_same_answer() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    let ask = |service: &str, secret: &str| {
        shop.post("/tokens/service", json!({ "service": service, "secret": secret }))
    };

    let wrong = ask("order", "a guess of the secret").await;
    let unknown = ask("nobody", ORDER_SECRET).await;
    let empty = ask("order", "").await;

    assert_eq!((wrong.status, wrong.code()), (401, "wrong-secret"));
    assert_eq!(wrong.told(), unknown.told());
    assert_eq!(wrong.told(), empty.told());
}

#[tokio::test]
async fn operators_alone_may_operate() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    let customer = shop.ada().await.text("access_token");
    let guest = shop.post("/guests", json!({})).await.text("access_token");
    let service =
        shop.post("/tokens/service", json!({ "service": "order", "secret": ORDER_SECRET })).await;
    let service = service.text("access_token");

    for (method, path) in [
        (Method::GET, "/ops/keys"),
        (Method::POST, "/ops/keys/rotate"),
        (Method::GET, "/ops/audit"),
    ] {
        for token in [&customer, &guest, &service] {
            let refused = shop.send(method.clone(), path, Some(token), None).await;
            assert_eq!((refused.status, refused.code()), (403, "not-allowed"), "{path}");
        }
        let nobody = shop.send(method, path, None, None).await;
        assert_eq!((nobody.status, nobody.code()), (401, "token-missing"), "{path}");
    }
}
