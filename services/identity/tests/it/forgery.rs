use chassis::auth::{Claims, Role, Subject, TokenSigner};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use shop_kernel::{Clock as _, CustomerId, GuestId};
use testkit::TestDb;

use crate::support::TestApp;

/// The key identity signs with, as only identity should have it.
async fn stolen_key(shop: &TestApp) -> Vec<u8> {
    let store = shop.store().await;
    let sql = Statement::from_string(
        store.get_database_backend(),
        "SELECT private_pkcs8 FROM signing_keys",
    );
    store.query_one_raw(sql).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

fn claims(shop: &TestApp) -> Value {
    let now = shop.clock.now().timestamp();
    json!({
        "sub": CustomerId::generate().to_string(), "iss": "identity", "aud": "shop", "jti": "forged",
        "iat": now, "exp": now + 600, "roles": ["customer", "operator"],
    })
}

fn with(claims: &Value, field: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[field] = value;
    claims
}

fn without(claims: &Value, field: &str) -> Value {
    let mut claims = claims.clone();
    claims.as_object_mut().unwrap().remove(field);
    claims
}

async fn assert_refused(shop: &TestApp, name: &str, token: &str) {
    let answer = shop.get("/ops/keys", token).await;
    assert_eq!(answer.status, 401, "{name}: {}", answer.body);
}

#[tokio::test]
async fn a_token_of_another_key_is_refused() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    let (mine, theirs) = (stolen_key(&shop).await, TokenSigner::generate().unwrap());
    let kid = TokenSigner::from_pkcs8(&mine).unwrap().kid().to_owned();
    let claims = claims(&shop);
    let other = EncodingKey::from_ec_der(&TokenSigner::generate_pkcs8().unwrap());
    let sign = |header: &Header| jsonwebtoken::encode(header, &claims, &other).unwrap();

    let mut header = Header::new(Algorithm::ES256);
    assert_refused(&shop, "no kid", &sign(&header)).await;
    for kid in [theirs.kid(), &kid, "", "../../etc/passwd", "' OR 1=1 --", &"k".repeat(4_000)] {
        header.kid = Some(kid.to_owned());
        assert_refused(&shop, kid, &sign(&header)).await;
    }
    header.kid = Some(kid);
    header.jku = Some("http://127.0.0.1:1/jwks.json".to_owned());
    assert_refused(&shop, "jku", &sign(&header)).await;
    header.jku = None;
    header.jwk = Some(theirs.jwk());
    assert_refused(&shop, "its own key", &sign(&header)).await;
}

#[tokio::test]
async fn a_token_of_another_algorithm_is_refused() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    let signer = TokenSigner::from_pkcs8(&stolen_key(&shop).await).unwrap();
    let (claims, public) = (claims(&shop), serde_json::to_string(&signer.jwk()).unwrap());

    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let mut header = Header::new(algorithm);
        header.kid = Some(signer.kid().to_owned());
        let key = EncodingKey::from_secret(public.as_bytes());
        let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
        assert_refused(&shop, "the public key as a secret", &token).await;
    }
    // `{"alg":"none"}` and its like, with and without a signature.
    let body = signer.sign(&real_claims(&shop)).unwrap();
    let body = body.split('.').nth(1).unwrap();
    for header in ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJOb25lIn0", "eyJhbGciOiJOT05FIn0", "e30", ""] {
        assert_refused(&shop, header, &format!("{header}.{body}.")).await;
        assert_refused(&shop, header, &format!("{header}.{body}.AAAA")).await;
    }
}

#[tokio::test]
async fn a_token_that_says_what_identity_never_says_is_refused() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    let private = stolen_key(&shop).await;
    let signer = TokenSigner::from_pkcs8(&private).unwrap();
    let (claims, key) = (claims(&shop), EncodingKey::from_ec_der(&private));
    let now = shop.clock.now().timestamp();
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some(signer.kid().to_owned());
    let sign = |claims: &Value| jsonwebtoken::encode(&header, claims, &key).unwrap();

    // The key is the real one, so this is what makes the difference below.
    assert_eq!(shop.get("/ops/keys", &sign(&claims)).await.status, 200);
    for field in ["sub", "iss", "aud", "iat", "exp", "jti", "roles"] {
        assert_refused(&shop, field, &sign(&without(&claims, field))).await;
    }
    for (field, value) in [
        ("iss", json!("eve")),
        ("aud", json!("bank")),
        ("exp", json!(now - 60)),
        ("exp", json!("tomorrow")),
        ("iat", json!(now + 3_600)),
        ("nbf", json!(now + 3_600)),
        ("roles", json!("operator")),
        ("roles", json!(["emperor"])),
        ("sub", json!("operator")),
        ("sub", json!(GuestId::generate().to_string())),
        ("sub", json!("svc_order")),
    ] {
        let token = sign(&with(&claims, field, value.clone()));
        assert_refused(&shop, &format!("{field} = {value}"), &token).await;
    }
}

#[tokio::test]
async fn a_token_that_was_changed_is_refused() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    let signer = TokenSigner::from_pkcs8(&stolen_key(&shop).await).unwrap();
    let token = signer.sign(&real_claims(&shop)).unwrap();
    let parts: Vec<_> = token.split('.').collect();

    for (name, changed) in [
        ("nothing", String::new()),
        ("cut", token[..token.len() - 4].to_owned()),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("four parts", format!("{token}.{}", parts[2])),
        ("another body", format!("{}.{}.{}", parts[0], parts[0], parts[2])),
        ("a signature of zeros", format!("{}.{}.{}", parts[0], parts[1], "A".repeat(86))),
        ("long", "a".repeat(6_000)),
    ] {
        assert_refused(&shop, name, &changed).await;
    }
    assert_eq!(shop.get("/ops/keys", &token).await.status, 200);
}

fn real_claims(shop: &TestApp) -> Claims {
    let now = shop.clock.now().timestamp();
    Claims {
        sub: Subject::Customer(CustomerId::generate()),
        iss: "identity".to_owned(),
        aud: "shop".to_owned(),
        exp: now + 600,
        iat: now,
        nbf: None,
        jti: "real".to_owned(),
        sid: None,
        roles: vec![Role::Customer, Role::Operator],
        name: None,
    }
}
