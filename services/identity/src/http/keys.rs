//! The public keys for everyone, and their rotation for operators.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chassis::Problem;
use chassis::auth::{Operator, Verifier};
use chrono::{DateTime, Utc};
use serde::Serialize;
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
#[utoipa::path(tag = "operations", security(("bearer" = [])), request_body = RotateKeys, responses(
    (status = 200, body = KeyList),
    (status = 403, body = Problem),
    (status = 409, body = Problem, description = "key-pending"),
))]
#[post("/ops/keys/rotate")]
pub(super) async fn rotate_keys(
    operator: Operator,
    body: Option<Json<RotateKeys>>,
    identity: Data<Identity>,
    verifier: Data<Verifier>,
) -> Result<Json<KeyList>, Problem> {
    let at_once = body.is_some_and(|body| body.at_once);
    if at_once {
        identity.keys.replace().await?;
    } else {
        identity.keys.rotate().await?;
    }
    verifier.replace_keys(&identity.keys.jwks());
    tracing::info!(target: "audit", by = %operator.0, at_once, "keys rotated");
    Ok(listed(&identity.keys))
}

fn listed(keys: &Keys) -> Json<KeyList> {
    let keys = keys.list().into_iter().map(|KeyInfo { kid, signs_from }| Key { kid, signs_from });
    Json(KeyList { keys: keys.collect() })
}
