//! The checks on one token, after RFC 8725: everything not expected is refused.

use chrono::{DateTime, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};

use super::Denied;
use crate::auth::{AUDIENCE, Claims, ISSUER, Role, Subject};

/// Ours have about 600 bytes; a longer one is not ours and is not worth decoding.
const MAX_LENGTH: usize = 2048;
/// Ours is a thumbprint of 43 characters.
const MAX_KEY_ID: usize = 64;
/// How far the clocks of two machines may differ.
const LEEWAY_S: i64 = 5;

/// The id of the key it claims to be signed with, if the header is one of ours.
pub(super) fn key_id(token: &str) -> Result<String, Denied> {
    if token.len() > MAX_LENGTH {
        return Err(Denied::Invalid);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| Denied::Invalid)?;
    if header.alg != Algorithm::ES256 || brings_own_key(&header) || is_extended(&header) {
        return Err(Denied::Invalid);
    }
    let kid = header.kid.ok_or(Denied::Invalid)?;
    let sane = !kid.is_empty()
        && kid.len() <= MAX_KEY_ID
        && kid.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    sane.then_some(kid).ok_or(Denied::Invalid)
}

/// A key that comes with the token proves nothing; one that must be fetched from an address in
/// the token lets strangers send us anywhere.
fn brings_own_key(header: &Header) -> bool {
    header.jku.is_some()
        || header.jwk.is_some()
        || header.x5u.is_some()
        || header.x5c.is_some()
        || header.x5t.is_some()
        || header.x5t_s256.is_some()
        || header.url.is_some()
}

/// Extensions we must understand and do not, and other kinds of token.
fn is_extended(header: &Header) -> bool {
    header.crit.is_some()
        || header.enc.is_some()
        || header.zip.is_some()
        || header.cty.is_some()
        || !header.extras.inner().is_empty()
        || header.typ.as_deref().is_some_and(|typ| typ != "JWT")
}

pub(super) fn claims(token: &str, key: &DecodingKey, now: DateTime<Utc>) -> Result<Claims, Denied> {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    // The library asks the machine's clock; ours is handed in.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let claims = jsonwebtoken::decode::<Claims>(token, key, &validation)
        .map_err(|error| match error.kind() {
            ErrorKind::ExpiredSignature => Denied::Expired,
            _ => Denied::Invalid,
        })?
        .claims;
    in_time(&claims, now.timestamp())?;
    if role_fits_subject(&claims) { Ok(claims) } else { Err(Denied::Invalid) }
}

fn in_time(claims: &Claims, now: i64) -> Result<(), Denied> {
    let starts = claims.nbf.unwrap_or(claims.iat).max(claims.iat);
    if claims.exp <= claims.iat || starts > now.saturating_add(LEEWAY_S) {
        return Err(Denied::Invalid);
    }
    if now >= claims.exp.saturating_add(LEEWAY_S) {
        return Err(Denied::Expired);
    }
    Ok(())
}

/// A guest's token that says operator was signed by mistake, and must not work either.
fn role_fits_subject(claims: &Claims) -> bool {
    claims.roles.iter().all(|role| match (&claims.sub, role) {
        (Subject::Customer(_), Role::Customer | Role::Operator)
        | (Subject::Guest(_), Role::Guest)
        | (Subject::Service(_), Role::Service) => true,
        (Subject::Customer(_) | Subject::Guest(_) | Subject::Service(_), _) => false,
    })
}
