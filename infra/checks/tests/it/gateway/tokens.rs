//! Whose requests get through to the mobile API.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chassis::auth::{AUDIENCE, Claims, ISSUER, Role, Subject, TokenSigner};
use chrono::TimeDelta;
use serde_json::{Value, json};
use shop_kernel::{Clock as _, CustomerId, GuestId, SystemClock};

use super::client::Answer;
use super::shop::Shop;

const ORDERS: &str = "/api/v1/orders";

fn claims() -> Claims {
    let now = SystemClock.now().timestamp();
    Claims {
        sub: Subject::Customer(CustomerId::generate()),
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        exp: now + 600,
        iat: now,
        nbf: None,
        jti: "one".to_owned(),
        sid: None,
        roles: vec![Role::Customer],
        name: Some("Ada".to_owned()),
    }
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn ask(shop: &Shop, path: &str, authorization: &str) -> Answer {
    shop.ask("GET", path, &[("authorization", authorization)], "")
}

fn refusal(shop: &Shop, token: &str) -> (u16, String) {
    let answer = ask(shop, ORDERS, &format!("Bearer {token}"));
    let challenge = "Bearer realm=\"shop\", error=\"invalid_token\"";
    assert_eq!(answer.header("www-authenticate"), Some(challenge), "{answer:?}");
    (answer.status, answer.problem())
}

#[test]
fn identitys_tokens_are_let_through_as_they_are() {
    let shop = Shop::start();
    let customer = shop.signer.sign(&claims()).unwrap();
    let guest =
        Claims { sub: Subject::Guest(GuestId::generate()), roles: vec![Role::Guest], ..claims() };
    let guest = shop.signer.sign(&guest).unwrap();

    for authorization in
        [format!("Bearer {customer}"), format!("bearer {customer}"), format!("Bearer {guest}")]
    {
        for path in [ORDERS, "/api/v1/home", "/api/v1/products/blue-mug"] {
            let answer = ask(&shop, path, &authorization);
            assert_eq!(answer.status, 200, "{path} {answer:?}");
            assert_eq!(answer.arrived("authorization"), Some(authorization.clone()));
        }
    }
}

#[test]
fn forged_tokens_end_here() {
    let shop = Shop::start();
    let good = shop.signer.sign(&claims()).unwrap();
    let parts: Vec<&str> = good.split('.').collect();
    let kid = shop.signer.kid();
    let foreign = TokenSigner::generate().unwrap().sign(&claims()).unwrap();
    let foreign: Vec<&str> = foreign.split('.').collect();
    let richer = encoded(&json!({ "sub": "cus_01", "iss": "identity", "aud": "shop",
        "exp": 9_999_999_999_u64, "iat": 0, "roles": ["operator"] }));
    let none = encoded(&json!({ "alg": "none", "typ": "JWT", "kid": kid }));
    let hmac = encoded(&json!({ "alg": "HS256", "typ": "JWT", "kid": kid }));
    let nameless = encoded(&json!({ "alg": "ES256", "typ": "JWT" }));

    for (what, token) in [
        ("another key", foreign.join(".")),
        ("another key under our name", [parts[0], foreign[1], foreign[2]].join(".")),
        ("a changed payload", [parts[0], &richer, parts[2]].join(".")),
        ("alg none", format!("{none}.{}.", parts[1])),
        ("alg none with a signature", [&none, parts[1], parts[2]].join(".")),
        ("alg HS256", [&hmac, parts[1], parts[2]].join(".")),
        ("no kid", [&nameless, parts[1], parts[2]].join(".")),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("two parts", [parts[0], parts[1]].join(".")),
        ("nonsense", "nonsense".to_owned()),
        ("a very long one", format!("{good}{}", "A".repeat(2100))),
    ] {
        assert_eq!(refusal(&shop, &token), (401, "token-invalid".to_owned()), "{what}");
    }
    assert!(shop.replica("mobile-bff", 1).seen().is_empty(), "one came through");
}

#[test]
fn signed_is_not_enough() {
    let shop = Shop::start();
    let now = SystemClock.now();
    let invalid = (401, "token-invalid".to_owned());
    let sign = |claims: &Claims| shop.signer.sign(claims).unwrap();

    let other_audience = sign(&Claims { aud: "another-shop".to_owned(), ..claims() });
    let other_issuer = sign(&Claims { iss: "somebody".to_owned(), ..claims() });
    let service = Subject::Service("order".to_owned());
    let service = sign(&Claims { sub: service, roles: vec![Role::Service], ..claims() });
    assert_eq!(refusal(&shop, &other_audience), invalid);
    assert_eq!(refusal(&shop, &other_issuer), invalid);
    assert_eq!(refusal(&shop, &service), invalid, "services have no business out here");

    let customer = || Subject::Customer(CustomerId::generate());
    let until = |seconds: i64| {
        let begun = now - TimeDelta::hours(1);
        let lives = TimeDelta::hours(1) + TimeDelta::seconds(seconds);
        shop.signer.token(customer(), &[Role::Customer], begun, lives).unwrap()
    };
    assert_eq!(refusal(&shop, &until(-10)), (401, "token-expired".to_owned()));
    assert_eq!(ask(&shop, ORDERS, &format!("Bearer {}", until(60))).status, 200);
    // Clocks differ.
    assert_eq!(ask(&shop, ORDERS, &format!("Bearer {}", until(-1))).status, 200);
}

#[test]
fn a_token_comes_once_and_as_a_bearers() {
    let shop = Shop::start();
    let good = format!("Bearer {}", shop.signer.sign(&claims()).unwrap());

    let twice = [("authorization", good.as_str()), ("authorization", good.as_str())];
    assert_eq!(shop.ask("GET", ORDERS, &twice, "").problem(), "token-invalid");
    for other in ["Basic YWRhOmFkYQ==", "Bearer", "Bearer ", &good.replace("Bearer ", "")] {
        let answer = ask(&shop, ORDERS, other);
        assert_eq!((answer.status, answer.problem().as_str()), (401, "token-invalid"), "{other}");
    }
    // A page anybody may see, and a token that nobody should show.
    assert_eq!(ask(&shop, "/api/v1/home", "Bearer a.b.c").status, 401);
}

#[test]
fn without_a_token_there_is_what_is_for_everyone() {
    let shop = Shop::start();

    let answer = shop.get(ORDERS);

    assert_eq!((answer.status, answer.problem().as_str()), (401, "token-missing"));
    assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"shop\""));
    assert_eq!(shop.get("/api/v1/products").status, 200);
}
