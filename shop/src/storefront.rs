//! The storefront as `cargo shop ui` built it: its files, the first HTML of each page, and the way
//! to the web BFF.

mod files;
mod goods;
mod listing;
mod page;
mod relay;
mod source;
mod template;
mod visitor;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use actix_web::http::uri::PathAndQuery;
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Compress;
use actix_web::{HttpRequest, HttpResponse, web};

use listing::Listing;

pub use relay::Relay;
pub(crate) use visitor::Visitor;

/// No inline script or style, nothing from elsewhere, nobody's frame.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; \
    form-action 'self'";

/// What is one visitor's own, or nobody's page, is not for search engines.
const ROBOTS: &str = "User-agent: *\nDisallow: /account\nDisallow: /alone\nDisallow: /cart\n\
    Disallow: /checkout\nDisallow: /graphql\nDisallow: /mailbox\nDisallow: /mails\nDisallow: /orders\n\
    Disallow: /source\n";
/// Needs nothing that a build writes.
const FAILED: &str = include_str!("storefront/failed.html");
const FAILED_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A folder that `cargo shop ui` wrote.
#[derive(Debug, Clone)]
pub struct Storefront {
    folder: PathBuf,
    // Read again when a build wrote another one.
    listing: Arc<RwLock<Option<Written>>>,
}

/// A manifest and when it was written.
type Written = (SystemTime, Arc<Listing>);

impl Storefront {
    /// The storefront in a folder; `None` when nothing was built there.
    #[must_use]
    pub fn open(folder: &Path) -> Option<Self> {
        let storefront = Self { folder: folder.to_owned(), listing: Arc::default() };
        storefront.listing().is_some().then_some(storefront)
    }

    /// Serves it: files, the BFF behind the same address, and a page for every other path.
    pub fn configure(&self, config: &mut web::ServiceConfig) {
        config
            .app_data(web::Data::new(self.clone()))
            .service(
                web::resource("/manifest.json")
                    .get(files::manifest)
                    .route(web::head().to(files::manifest))
                    .wrap(Compress::default()),
            )
            .service(
                web::resource("/assets/{name}")
                    .get(files::asset)
                    .route(web::head().to(files::asset)),
            )
            .service(
                web::resource("/pictures/{name:.+}")
                    .get(files::picture)
                    .route(web::head().to(files::picture)),
            )
            .service(web::resource("/robots.txt").to(async || ROBOTS))
            .service(web::resource("/source/{path:.+}").get(source::source))
            .service(web::resource("/graphql").to(relay::relay))
            .service(web::resource("/mails/{name}.html").to(relay::relay))
            .default_service(web::to(page).wrap(Compress::default()));
    }

    /// What the manifest in the folder lists now.
    fn listing(&self) -> Option<Arc<Listing>> {
        let path = self.folder.join("manifest.json");
        let written = path.metadata().and_then(|found| found.modified()).ok()?;
        let known = self.listing.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((of, listing)) = known
            && of == written
        {
            return Some(listing);
        }
        let listing: Listing = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
        let listing = Arc::new(listing);
        *self.listing.write().unwrap_or_else(PoisonError::into_inner) =
            Some((written, listing.clone()));
        Some(listing)
    }
}

/// The first HTML of a page: frame, skeleton and what to load, in the visitor's language.
async fn page(
    request: HttpRequest,
    storefront: web::Data<Storefront>,
    relay: web::Data<Relay>,
) -> HttpResponse {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return HttpResponse::MethodNotAllowed()
            .insert_header((header::ALLOW, "GET, HEAD"))
            .finish();
    }
    let asked = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    let (frame, address) = match asked.strip_prefix("/alone") {
        Some(address) if address.starts_with('/') => (page::ALONE, address),
        _ => (page::FRAME, asked),
    };
    let rendered = storefront.listing().and_then(|listing| {
        page::render(&storefront.folder, &listing, frame, address, &Visitor::of(&request))
    });
    let Some((page, html)) = rendered else { return failed() };
    let is_there = match page {
        Some(page) => goods::has(&relay, &page, request.uri()).await,
        None => false,
    };
    let status = if is_there { StatusCode::OK } else { StatusCode::NOT_FOUND };
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::VARY, "Accept-Encoding, Accept-Language, Cookie"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header(("cross-origin-opener-policy", "same-origin"))
        .body(html)
}

/// While a build replaces the templates, and when something is wrong with them.
fn failed() -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, FAILED_POLICY))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::RETRY_AFTER, "5"))
        .body(FAILED)
}

#[cfg(test)]
mod tests;
