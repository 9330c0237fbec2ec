//! Tokens nobody should believe.

use std::fmt::Write as _;

use chassis::auth::{AUDIENCE, Claims, ISSUER, Role, Subject, TokenSigner};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use sea_orm::{ConnectionTrait as _, Database, DbBackend, Statement};
use serde_json::{Value, json};
use shop_kernel::{Clock as _, SystemClock};
use shop_tests::client::{Call, text};
use shop_tests::shopper::{PATIENCE, Shopper};

use crate::isolation;
use crate::stage::Stage;

/// DER of a P-256 public key, up to the point: RFC 5480.
const P256_HEAD: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/// Tokens that say "operator" or "this customer", each forged in its own way.
pub(crate) async fn tokens(stage: &Stage, shopper: &Shopper) -> Vec<(&'static str, String)> {
    let jwks = Call::get("identity", "/.well-known/jwks.json");
    let jwks = stage.client.insist(&jwks, PATIENCE).await.unwrap().ok().unwrap();
    let jwk = &jwks["keys"][0];
    let kid = text(jwk, "/kid").unwrap();
    let operator = claims(shopper, &[Role::Customer, Role::Operator]);
    let own_key = TokenSigner::generate().unwrap();

    let mut tokens = vec![
        ("nonsense", "nonsense".to_owned()),
        ("two dots", "..".to_owned()),
        ("a key nobody knows", own_key.sign(&operator).unwrap()),
    ];
    for (how, algorithm) in [("alg none", "none"), ("alg None", "None"), ("alg NONE", "NONE")] {
        let header = json!({ "alg": algorithm, "typ": "JWT", "kid": kid });
        tokens.push((how, format!("{}.{}.", part(&header), part(&operator))));
    }
    let public = [
        ("HS256 with the public key as PEM", pem(jwk).into_bytes()),
        ("HS256 with the public key as JWK", jwk.to_string().into_bytes()),
        ("HS256 with half of the public key", bytes(text(jwk, "/x").unwrap())),
        ("HS256 with nothing", Vec::new()),
    ];
    for (how, secret) in public {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(kid.to_owned());
        let key = EncodingKey::from_secret(&secret);
        tokens.push((how, jsonwebtoken::encode(&header, &operator, &key).unwrap()));
    }
    tokens.extend(signed_by_another(&own_key, kid, &operator));
    tokens.extend(changed(shopper.token(), &operator));
    let signer = identitys_own(stage).await;
    for (how, wrong) in [
        ("another issuer", Claims { iss: "elsewhere".into(), ..operator.clone() }),
        ("another audience", Claims { aud: "elsewhere".into(), ..operator.clone() }),
        (
            "a time to come",
            Claims { iat: operator.exp - 60, nbf: Some(operator.exp - 60), ..operator },
        ),
    ] {
        tokens.push((how, signer.sign(&wrong).unwrap()));
    }
    tokens
}

/// Two tokens by identity's own key: one that lives, and the same an hour ago.
pub(crate) async fn alive_and_expired(stage: &Stage, shopper: &Shopper) -> (String, String) {
    let signer = identitys_own(stage).await;
    let alive = claims(shopper, &[Role::Customer]);
    let hour = TimeDelta::hours(1).num_seconds();
    let expired = Claims { iat: alive.iat - hour, exp: alive.exp - hour, ..alive.clone() };
    (signer.sign(&alive).unwrap(), signer.sign(&expired).unwrap())
}

/// The right key id over the wrong key, and a key that comes along with the token.
fn signed_by_another(key: &TokenSigner, kid: &str, claims: &Claims) -> [(&'static str, String); 2] {
    let signed = key.sign(claims).unwrap();
    let signature = signed.rsplit('.').next().unwrap();
    let with_kid = part(&json!({ "alg": "ES256", "typ": "JWT", "kid": kid }));
    let with_key =
        part(&json!({ "alg": "ES256", "typ": "JWT", "kid": key.kid(), "jwk": key.jwk() }));
    [
        ("the right key id", format!("{with_kid}.{}.{signature}", part(claims))),
        ("its own key", format!("{with_key}.{}.{signature}", part(claims))),
    ]
}

/// A real token with something changed in it.
fn changed(real: &str, claims: &Claims) -> [(&'static str, String); 3] {
    let (signed, signature) = real.rsplit_once('.').unwrap();
    let header = real.split('.').next().unwrap();
    [
        ("other claims", format!("{header}.{}.{signature}", part(claims))),
        ("no signature", format!("{signed}.")),
        ("half a signature", format!("{signed}.{}", &signature[..signature.len() / 2])),
    ]
}

fn claims(shopper: &Shopper, roles: &[Role]) -> Claims {
    let now = SystemClock.now().timestamp();
    Claims {
        sub: Subject::Customer(shopper.id()),
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        exp: now + 600,
        iat: now - 1,
        nbf: None,
        jti: "forged".into(),
        sid: None,
        roles: roles.to_vec(),
        name: Some("Mallory".into()),
    }
}

/// The key identity signs with, out of its own store: only the age and the place of what it signs
/// here are wrong.
async fn identitys_own(stage: &Stage) -> TokenSigner {
    let url = isolation::stores(stage).remove("identity").unwrap();
    let store = Database::connect(url).await.unwrap();
    let newest = "SELECT private_pkcs8 FROM signing_keys WHERE signs_from <= now() ORDER BY generation DESC LIMIT 1";
    let row = store.query_one_raw(Statement::from_string(DbBackend::Postgres, newest)).await;
    let key: Vec<u8> = row.unwrap().unwrap().try_get("", "private_pkcs8").unwrap();
    store.close().await.unwrap();
    TokenSigner::from_pkcs8(&key).unwrap()
}

fn part(value: &impl serde::Serialize) -> String {
    base64(&serde_json::to_vec(value).unwrap(), true)
}

fn pem(jwk: &Value) -> String {
    let point = ["/x", "/y"].map(|half| bytes(text(jwk, half).unwrap())).concat();
    let body = base64(&[&P256_HEAD[..], &point].concat(), false);
    let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
    for line in body.as_bytes().chunks(64) {
        writeln!(pem, "{}", String::from_utf8_lossy(line)).unwrap();
    }
    pem + "-----END PUBLIC KEY-----\n"
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64, as in URLs (without padding) or as in PEM.
fn base64(bytes: &[u8], for_url: bool) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        let number = number << (8 * (3 - group.len()));
        let digits = (0..=group.len()).map(|at| DIGITS[(number >> (18 - 6 * at)) as usize & 63]);
        text.extend(digits.map(char::from));
        if !for_url {
            text.push_str(&"=="[..3 - group.len()]);
        }
    }
    if for_url { text.replace('+', "-").replace('/', "_") } else { text }
}

/// The bytes of Base64 as in URLs.
fn bytes(text: &str) -> Vec<u8> {
    let text = text.replace('-', "+").replace('_', "/");
    let (mut bytes, mut number, mut bits) = (Vec::new(), 0u32, 0);
    for digit in text.bytes() {
        let value = DIGITS.iter().position(|it| *it == digit).unwrap();
        number = number << 6 | u32::try_from(value).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(number >> bits & 255).unwrap());
        }
    }
    bytes
}

#[test]
fn the_forger_writes_base64_as_everybody_does() {
    assert_eq!(base64(b"\xfb\xff", true), "-_8");
    assert_eq!(base64(b"a", false), "YQ==");
    assert_eq!(base64(br#"{""#, true), "eyI");
    assert_eq!(bytes("eyJhIjoxfQ"), br#"{"a":1}"#);
}
