//! Tokens that are not to be believed, and what each tries.

use std::sync::Arc;

use chassis::auth::{Denied, TokenSigner, Verifier};
use chrono::TimeDelta;
use serde_json::{Value, json};
use shop_kernel::{Clock as _, CustomerId, ManualClock, SystemClock};

use crate::support::Example;

struct Forger {
    signer: TokenSigner,
    pkcs8: Vec<u8>,
}

impl Forger {
    fn new() -> Self {
        let pkcs8 = TokenSigner::generate_pkcs8().unwrap();
        Self { signer: TokenSigner::from_pkcs8(&pkcs8).unwrap(), pkcs8 }
    }

    fn header(&self) -> Value {
        json!({ "alg": "ES256", "typ": "JWT", "kid": self.signer.kid() })
    }

    fn claims() -> Value {
        let now = SystemClock.now().timestamp();
        json!({
            "sub": CustomerId::generate(), "iss": "identity", "aud": "shop",
            "iat": now, "exp": now + 900, "jti": "1", "roles": ["customer"],
        })
    }

    /// A token as good as identity's, but for what `header` and `claims` say.
    fn signed(&self, header: &Value, claims: &Value) -> String {
        self.signed_text(&header.to_string(), &claims.to_string())
    }

    fn signed_text(&self, header: &str, claims: &str) -> String {
        use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
        let message = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.pkcs8).unwrap();
        let random = aws_lc_rs::rand::SystemRandom::new();
        let signature = key.sign(&random, message.as_bytes()).unwrap();
        format!("{message}.{}", base64url(signature.as_ref()))
    }

    fn with_header(&self, key: &str, value: Value) -> String {
        let mut header = self.header();
        header[key] = value;
        self.signed(&header, &Self::claims())
    }

    fn without_header(&self, key: &str) -> String {
        let mut header = self.header();
        header.as_object_mut().unwrap().remove(key);
        self.signed(&header, &Self::claims())
    }

    fn with_claim(&self, key: &str, value: Value) -> String {
        let mut claims = Self::claims();
        claims[key] = value;
        self.signed(&self.header(), &claims)
    }

    fn without_claim(&self, key: &str) -> String {
        let mut claims = Self::claims();
        claims.as_object_mut().unwrap().remove(key);
        self.signed(&self.header(), &claims)
    }

    fn good(&self) -> String {
        self.signed(&self.header(), &Self::claims())
    }

    fn hmac(&self, secret: &[u8]) -> String {
        use aws_lc_rs::hmac;
        let header = json!({ "alg": "HS256", "typ": "JWT", "kid": self.signer.kid() }).to_string();
        let claims = Self::claims().to_string();
        let message = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        format!("{message}.{}", base64url(tag.as_ref()))
    }
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
                << (8 * (3 - chunk.len()));
            (0..=chunk.len()).map(move |i| DIGITS[(word >> (18 - 6 * i)) as usize & 63] as char)
        })
        .collect()
}

fn forged_headers(forger: &Forger) -> Vec<(&'static str, String)> {
    let other = TokenSigner::generate().unwrap();
    let mut forged = vec![
        ("key by address", forger.with_header("jku", json!("http://evil.example/jwks"))),
        ("key in the token", forger.with_header("jwk", serde_json::to_value(other.jwk()).unwrap())),
        ("certificate by address", forger.with_header("x5u", json!("http://evil.example/c"))),
        ("certificate in the token", forger.with_header("x5c", json!(["MIIB"]))),
        ("certificate by thumbprint", forger.with_header("x5t", json!("abc"))),
        ("critical extension", forger.with_header("crit", json!(["b64"]))),
        ("unencoded payload", forger.with_header("b64", json!(false))),
        ("another kind of token", forger.with_header("typ", json!("refresh+jwt"))),
        ("nested token", forger.with_header("cty", json!("JWT"))),
        ("compressed", forger.with_header("zip", json!("DEF"))),
        ("no key id", forger.without_header("kid")),
        ("no algorithm", forger.without_header("alg")),
        ("unknown key id", forger.with_header("kid", json!("unknown"))),
        ("empty key id", forger.with_header("kid", json!(""))),
        ("key id as a path", forger.with_header("kid", json!("../../dev/null"))),
        ("key id as SQL", forger.with_header("kid", json!("x' UNION SELECT 'a'--"))),
        ("key id as a list", forger.with_header("kid", json!([forger.signer.kid()]))),
        ("endless key id", forger.with_header("kid", json!("k".repeat(1000)))),
    ];
    for alg in ["none", "None", "NONE", "nOnE", "", "HS256", "ES384", "RS256", "EdDSA", "es256"] {
        forged.push(("algorithm", forger.with_header("alg", json!(alg))));
    }
    forged
}

fn forged_claims(forger: &Forger) -> Vec<(&'static str, String)> {
    let now = SystemClock.now().timestamp();
    let mut forged = vec![
        ("another issuer", forger.with_claim("iss", json!("evil"))),
        ("list of issuers", forger.with_claim("iss", json!(["identity", "evil"]))),
        ("another audience", forger.with_claim("aud", json!("bank"))),
        ("list of audiences", forger.with_claim("aud", json!(["shop"]))),
        ("expired", forger.with_claim("exp", json!(now - 6))),
        ("expiry as text", forger.with_claim("exp", json!((now + 900).to_string()))),
        ("expiry before issue", forger.with_claim("iat", json!(now + 901))),
        ("issued in the future", forger.with_claim("iat", json!(now + 60))),
        ("not valid yet", forger.with_claim("nbf", json!(now + 60))),
        ("negative expiry", forger.with_claim("exp", json!(-1))),
        ("nobody's subject", forger.with_claim("sub", json!("root"))),
        ("unprefixed subject", forger.with_claim("sub", json!("0190a0b1c2d37000800000000000000a"))),
        ("service with a path", forger.with_claim("sub", json!("svc_../order"))),
        ("customer as service", forger.with_claim("roles", json!(["service"]))),
        ("customer as guest", forger.with_claim("roles", json!(["guest"]))),
        ("unheard-of role", forger.with_claim("roles", json!(["root"]))),
        ("role as text", forger.with_claim("roles", json!("operator"))),
        ("service as operator", forger.signed(&forger.header(), &json!({
            "sub": "svc_order", "iss": "identity", "aud": "shop", "iat": now, "exp": now + 900,
            "jti": "1", "roles": ["operator"],
        }))),
    ];
    for claim in ["sub", "iss", "aud", "exp", "iat", "jti", "roles"] {
        forged.push(("claim left out", forger.without_claim(claim)));
    }
    let twice = Forger::claims().to_string().replacen('{', "{\"roles\":[\"operator\"],", 1);
    forged.push(("claim given twice", forger.signed_text(&forger.header().to_string(), &twice)));
    forged.push(("claims that are none", forger.signed_text(&forger.header().to_string(), "[]")));
    forged
}

fn forged_forms(forger: &Forger) -> Vec<(&'static str, String)> {
    let good = forger.good();
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let operator = Forger::claims().to_string().replace("customer", "operator");
    let stranger = Forger::new();
    let public = serde_json::to_vec(&forger.signer.jwk()).unwrap();
    vec![
        ("no signature", format!("{message}.")),
        ("two parts", message.to_owned()),
        ("four parts", format!("{good}.x")),
        ("cut signature", good[..good.len() - 4].to_owned()),
        ("zero signature", format!("{message}.{}", base64url(&[0; 64]))),
        ("swapped claims", format!("{header}.{}.{signature}", base64url(operator.as_bytes()))),
        (
            "unsigned with alg none",
            format!("{}.{claims}.", base64url(b"{\"alg\":\"none\",\"typ\":\"JWT\"}")),
        ),
        ("another's signature", stranger.signed(&forger.header(), &Forger::claims())),
        ("HS256 with the public key", forger.hmac(&public)),
        ("HS256 with the key id", forger.hmac(forger.signer.kid().as_bytes())),
        ("HS256 with nothing", forger.hmac(b"")),
        ("padded", format!("{good}=")),
        ("not base64", "a.b.c".to_owned()),
        ("nothing", String::new()),
        ("dots", "..".to_owned()),
        ("very long", format!("{good}{}", "A".repeat(1_000_000))),
    ]
}

#[tokio::test]
async fn a_good_token_is_believed() {
    let forger = Forger::new();
    let verifier = Verifier::with_keys(&forger.signer.jwks(), Arc::new(SystemClock));

    assert!(verifier.verify(&forger.good()).await.is_ok());
}

#[tokio::test]
async fn no_forgery_is_believed() {
    let forger = Forger::new();
    let verifier = Verifier::with_keys(&forger.signer.jwks(), Arc::new(SystemClock));
    let mut forgeries = forged_headers(&forger);
    forgeries.extend(forged_claims(&forger));
    forgeries.extend(forged_forms(&forger));

    for (what, token) in &forgeries {
        let verdict = verifier.verify(token).await;

        assert!(matches!(verdict, Err(Denied::Invalid | Denied::Expired)), "{what}: {verdict:?}");
    }
    assert!(forgeries.len() > 60, "only {}", forgeries.len());
}

#[tokio::test]
async fn every_forgery_answers_401_and_says_how_to_sign_in() {
    let example = Example::start().await;
    let forger = Forger::new();
    let forgeries = [forged_headers(&forger), forged_claims(&forger)].concat();

    for (what, token) in forgeries {
        let answer = example.get_as("/as/customer", &token).await;

        assert_eq!(answer.status(), 401, "{what}");
        let challenge = &answer.headers()["www-authenticate"];
        assert_eq!(challenge, "Bearer realm=\"shop\", error=\"invalid_token\"", "{what}");
    }
}

#[tokio::test]
async fn a_token_is_taken_from_one_bearer_header_and_nowhere_else() {
    let example = Example::start().await;
    let token = example.customer();
    let get = || example.request(reqwest::Method::GET, "/as/customer");

    let elsewhere = [
        get().header("authorization", format!("Basic {token}")),
        get().header("authorization", token.clone()),
        get().header("authorization", "Bearer"),
        get().bearer_auth(&token).header("authorization", "Bearer other"),
        get().header("cookie", format!("access_token={token}")),
        get().query(&[("access_token", &token)]),
    ];

    for request in elsewhere {
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
    assert_eq!(get().bearer_auth(&token).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_token_ends_by_the_clock_that_was_handed_in() {
    let forger = Forger::new();
    let clock = Arc::new(ManualClock::default());
    let verifier = Verifier::with_keys(&forger.signer.jwks(), Arc::clone(&clock) as _);
    let token = forger.good();

    clock.advance(TimeDelta::seconds(903));
    let within_the_leeway = verifier.verify(&token).await;
    clock.advance(TimeDelta::seconds(3));
    let after = verifier.verify(&token).await;

    assert!(within_the_leeway.is_ok());
    assert_eq!(after, Err(Denied::Expired));
}
