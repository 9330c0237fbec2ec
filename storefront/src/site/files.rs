//! Built files, compressed as the browser likes them.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use tokio::fs;

use super::Site;

/// The name has the hash of the content: it never changes.
pub(crate) const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Drawings change with a release, and may be an hour old.
const AN_HOUR: &str = "public, max-age=3600";

pub(super) async fn asset(
    request: HttpRequest,
    name: web::Path<String>,
    site: web::Data<Site>,
) -> HttpResponse {
    match site.fragments.file(&request, &name).await {
        Some(answer) => answer,
        None => serve_from(&request, &site.folder.join("assets"), &name, FOR_EVER).await,
    }
}

pub(super) async fn picture(
    request: HttpRequest,
    name: web::Path<String>,
    site: web::Data<Site>,
) -> HttpResponse {
    serve_from(&request, &site.folder.join("pictures"), &name, AN_HOUR).await
}

pub(crate) async fn serve_from(
    request: &HttpRequest,
    folder: &Path,
    name: &str,
    caching: &'static str,
) -> HttpResponse {
    if !is_plain(name) {
        return not_found();
    }
    serve(request, &folder.join(name), caching).await
}

/// Plain names only: nothing that leads out of a folder, and nothing hidden.
pub(super) fn is_plain(path: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    path.split('/').all(|part| !part.starts_with('.') && part.chars().all(plain))
}

/// A file of ours, compressed as it was beforehand.
pub(crate) async fn serve(
    request: &HttpRequest,
    path: &Path,
    caching: &'static str,
) -> HttpResponse {
    let Some(kind) = content_type(path) else { return not_found() };
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (coding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(accepted, coding)
            && let Ok(bytes) = fs::read(format!("{}{suffix}", path.display())).await
        {
            return head(kind, caching)
                .insert_header((header::CONTENT_ENCODING, coding))
                .body(bytes);
        }
    }
    match fs::read(path).await {
        Ok(bytes) => answer(request, kind, caching, bytes),
        Err(_) => not_found(),
    }
}

/// An answer that whoever has it is not sent again.
pub(crate) fn answer(
    request: &HttpRequest,
    kind: &'static str,
    caching: &'static str,
    bytes: Vec<u8>,
) -> HttpResponse {
    let tag = tag(&bytes);
    let mut response = head(kind, caching);
    response.insert_header((header::ETAG, tag.as_str()));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag)) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.body(bytes)
}

fn head(kind: &'static str, caching: &'static str) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response
}

/// Of the content; weak, because it may travel compressed.
fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

fn not_found() -> HttpResponse {
    // A file that is missing today may be there tomorrow.
    HttpResponse::NotFound().insert_header((header::CACHE_CONTROL, "no-store")).finish()
}

fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|part| {
        let mut parts = part.split(';').map(str::trim);
        parts.next() == Some(coding) && !parts.any(|weight| weight == "q=0")
    })
}

/// Of the kinds that a build writes; others are none of ours.
fn content_type(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()? {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "json" => Some("application/json"),
        "svg" => Some("image/svg+xml"),
        "wasm" => Some("application/wasm"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn a_coding_is_taken_unless_it_is_refused() {
        assert!(accepts("gzip, deflate, br;q=0.9", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("", "gzip"));
    }
}
