//! Answers a client may keep and ask after: `ETag`, `If-None-Match`, 304.

use actix_web::http::header::{CACHE_CONTROL, ETag, EntityTag, IfNoneMatch, VARY};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use chassis::Problem;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Who may keep an answer. Either way it is asked after before it is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeper {
    /// Proxies too: it is the same for all.
    Anyone,
    /// The client alone: it is about them.
    Client,
}

/// `body`, or that the client has it already.
pub(super) fn tagged(
    request: &HttpRequest,
    keeper: Keeper,
    body: &impl Serialize,
) -> Result<HttpResponse, Problem> {
    let body = serde_json::to_vec(body).map_err(Problem::internal)?;
    let tag = EntityTag::new_strong(digest(&body));
    let is_known = match request.get_header::<IfNoneMatch>() {
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&tag)),
        None => false,
    };
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    let (kept, differs) = match keeper {
        Keeper::Anyone => ("public, no-cache", "Accept-Language"),
        Keeper::Client => ("private, no-cache", "Accept-Language, Authorization"),
    };
    answer
        .insert_header(ETag(tag))
        .insert_header((CACHE_CONTROL, kept))
        .insert_header((VARY, differs));
    if is_known {
        return Ok(answer.finish());
    }
    Ok(answer.content_type("application/json").body(body))
}

/// 128 bits of it tell any two answers apart.
fn digest(body: &[u8]) -> String {
    Sha256::digest(body).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
