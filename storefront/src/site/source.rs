//! The code this shop was built from, for who wants to read on: pages of `docs/` and sources.

use std::path::Path;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use tokio::fs;

use super::Site;
use super::files::is_plain;

/// What the order page leads to lies in one of these.
const FOLDERS: [&str; 5] = ["bff", "crates", "docs", "services", "shop"];
const KINDS: [&str; 2] = ["md", "rs"];

/// A file as text; 404 where it is none of ours, or the code is not there.
pub(super) async fn source(site: web::Data<Site>, path: web::Path<String>) -> HttpResponse {
    let text = match place_of(&path) {
        Some(place) => fs::read_to_string(site.source.join(place)).await.ok(),
        None => None,
    };
    let Some(text) = text else { return HttpResponse::NotFound().finish() };
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(text)
}

fn place_of(path: &str) -> Option<&Path> {
    let (folder, _) = path.split_once('/')?;
    let (_, kind) = path.rsplit_once('.')?;
    let is_ours = FOLDERS.contains(&folder) && KINDS.contains(&kind) && is_plain(path);
    is_ours.then(|| Path::new(path))
}
