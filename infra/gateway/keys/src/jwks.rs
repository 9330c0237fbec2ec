//! From identity's JWKS to PEM.

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;

/// What a public key on P-256 begins with, as RFC 5480 has it: the algorithm, the curve, and that an
/// uncompressed point follows.
const HEAD: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];
/// Of a coordinate, in bytes.
const COORDINATE: usize = 32;
/// Of a line, in PEM.
const LINE: usize = 64;
const LONGEST_KEY_ID: usize = 64;

/// A key that verifies tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What tokens name it by.
    pub kid: String,
    /// The key as HAProxy reads it.
    pub pem: String,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The keys for ES256, in the order they are published in.
///
/// # Errors
/// When this is no JWKS, or has no key for us: acting on that would lock everyone out.
pub fn keys(jwks: &[u8]) -> Result<Vec<Key>> {
    let jwks: Jwks = serde_json::from_slice(jwks).context("this is no JWKS")?;
    let keys: Vec<Key> = jwks.keys.iter().filter_map(key).collect();
    ensure!(!keys.is_empty(), "there is no ES256 key in the JWKS");
    Ok(keys)
}

/// A key of another kind is not for us; neither is one whose id would mean something in a map.
fn key(jwk: &Jwk) -> Option<Key> {
    let kid = jwk.kid.clone().filter(|kid| is_plain(kid))?;
    let fits = jwk.crv.as_deref() == Some("P-256")
        && jwk.alg.as_deref().is_none_or(|algorithm| algorithm == "ES256");
    let (x, y) = (coordinate(jwk.x.as_deref()?)?, coordinate(jwk.y.as_deref()?)?);
    fits.then(|| Key { kid, pem: pem(&[&HEAD[..], &x, &y].concat()) })
}

fn is_plain(kid: &str) -> bool {
    (1..=LONGEST_KEY_ID).contains(&kid.len())
        && kid.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn coordinate(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == COORDINATE)
}

fn pem(der: &[u8]) -> String {
    let mut text = "-----BEGIN PUBLIC KEY-----".to_owned();
    for (position, letter) in STANDARD.encode(der).chars().enumerate() {
        if position % LINE == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push_str("\n-----END PUBLIC KEY-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::keys;

    /// The example of RFC 7517, A.1, with an id of ours.
    const EXAMPLE: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"KID","alg":"ES256",
        "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;

    #[test]
    fn a_key_becomes_the_pem_that_openssl_writes() {
        let keys = keys(EXAMPLE.as_bytes()).unwrap();

        assert_eq!(keys[0].kid, "KID");
        assert_eq!(
            keys[0].pem,
            "-----BEGIN PUBLIC KEY-----\n\
             MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMKBCTNIcKUSDii11ySs3526iDZ8A\n\
             iTo7Tu6KPAqv7D7gS2XpJFbZiItSs3m9+9Ue6GnvHw/GW2ZZaVtszggXIw==\n\
             -----END PUBLIC KEY-----\n"
        );
    }

    #[test]
    fn keys_of_another_kind_are_left_out_and_none_is_an_error() {
        for other in [
            EXAMPLE.replace("P-256", "P-384"),
            EXAMPLE.replace("ES256", "RS256"),
            EXAMPLE.replace("KID", "a 1\\nb"),
            EXAMPLE.replace("MKBC", "MK"),
            r#"{"keys":[]}"#.to_owned(),
            "{}".to_owned(),
        ] {
            assert!(keys(other.as_bytes()).is_err(), "{other}");
        }
    }
}
