//! The public keys for everyone, and their rotation for operators.

use actix_web::error::JsonPayloadError;
use actix_web::web::{Bytes, Data, Json};
use actix_web::{HttpResponse, get, post};
use chassis::Problem;
use chassis::auth::{Operator, Verifier};
use chrono::{DateTime, Utc};
use serde::{Deserialize as _, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::bodies::RotateKeys;
use crate::Identity;
use crate::keys::{KeyInfo, Keys};

/// The published keys, newest first.
#[derive(Debug, Serialize, ToSchema)]
struct KeyList {
    keys: Vec<Key>,
}

/// A published key.
#[derive(Debug, Serialize, ToSchema)]
struct Key {
    /// What tokens name it by.
    kid: String,
    /// From when on it signs, or signed.
    signs_from: DateTime<Utc>,
}

/// The keys that verify tokens, as RFC 7517 has them.
#[utoipa::path(tag = "keys", responses((status = 200, description = "a JSON Web Key Set")))]
#[get("/.well-known/jwks.json")]
pub(super) async fn read_jwks(identity: Data<Identity>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "public, max-age=60"))
        .json(identity.keys.jwks())
}

/// Shows which keys sign and which are published.
#[utoipa::path(tag = "operations", security(("bearer" = [])), responses(
    (status = 200, body = KeyList),
    (status = 403, body = Problem),
))]
#[get("/ops/keys")]
pub(super) async fn list_keys(_: Operator, identity: Data<Identity>) -> Json<KeyList> {
    listed(&identity.keys)
}

/// Makes the next key, or replaces all of them at once.
#[utoipa::path(tag = "operations", security(("bearer" = [])), request_body = Option<RotateKeys>, responses(
    (status = 200, body = KeyList),
    (status = 400, body = Problem, description = "malformed-json"),
    (status = 403, body = Problem),
    (status = 409, body = Problem, description = "key-pending"),
    (status = 422, body = Problem, description = "not-valid"),
))]
#[post("/ops/keys/rotate")]
pub(super) async fn rotate_keys(
    _: Operator,
    body: Bytes,
    identity: Data<Identity>,
    verifier: Data<Verifier>,
) -> Result<Json<KeyList>, Problem> {
    let RotateKeys { at_once } = asked(&body)?;
    if at_once {
        identity.keys.replace().await?;
    } else {
        identity.keys.rotate().await?;
    }
    verifier.replace_keys(&identity.keys.jwks());
    chassis::audit::detail("at_once", at_once);
    Ok(listed(&identity.keys))
}

/// No body asks for the usual; one that cannot be read must not pass for it while keys have leaked.
fn asked(body: &[u8]) -> Result<RotateKeys, Problem> {
    if body.is_empty() {
        return Ok(RotateKeys::default());
    }
    // An object and nothing else: serde takes a list for a struct, an empty one for all defaults.
    let object: serde_json::Result<serde_json::Map<_, _>> = serde_json::from_slice(body);
    let asked = object.and_then(|object| RotateKeys::deserialize(Value::Object(object)));
    asked.map_err(|error| JsonPayloadError::Deserialize(error).into())
}

fn listed(keys: &Keys) -> Json<KeyList> {
    let keys = keys.list().into_iter().map(|KeyInfo { kid, signs_from }| Key { kid, signs_from });
    Json(KeyList { keys: keys.collect() })
}
