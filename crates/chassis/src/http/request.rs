//! The id of the request in hand: taken from the caller when sane, else made here.

use actix_web::http::header::HeaderMap;
use uuid::Uuid;

/// The header that carries it, both ways and on to peers.
pub const HEADER: &str = "x-request-id";

const MAX_LENGTH: usize = 64;

tokio::task_local! {
    pub(super) static CURRENT: String;
}

/// The id of the request this code works for, if it works for one.
#[must_use]
pub fn current_id() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

pub(super) fn id_of(headers: &HeaderMap) -> String {
    headers
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|id| is_sane(id))
        .map_or_else(|| Uuid::now_v7().simple().to_string(), str::to_owned)
}

/// It ends up in logs and headers, so it may hold nothing that means something there.
fn is_sane(id: &str) -> bool {
    (8..=MAX_LENGTH).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}
