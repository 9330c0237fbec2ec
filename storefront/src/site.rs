//! The storefront as `cargo shop ui` built it: its files, the first HTML of each page, and the way
//! to the web BFF.

pub(crate) mod files;
mod fragments;
mod goods;
mod listing;
mod page;
mod part;
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

pub use fragments::Fragments;
pub use relay::Relay;
pub(crate) use template::escape;
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
const FAILED: &str = include_str!("site/failed.html");
const FAILED_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A folder that `cargo shop ui` wrote.
#[derive(Debug, Clone)]
pub struct Site {
    folder: PathBuf,
    // Read again when a build wrote another one.
    listing: Arc<RwLock<Option<Written>>>,
    /// Those that have servers of their own.
    fragments: Arc<Fragments>,
    /// The checkout whose code is shown.
    source: PathBuf,
}

/// A manifest and when it was written.
type Written = (SystemTime, Arc<Listing>);

impl Site {
    /// The storefront in a folder; `None` when nothing was built there.
    #[must_use]
    pub fn open(folder: &Path) -> Option<Self> {
        let site = Self {
            folder: folder.to_owned(),
            listing: Arc::default(),
            fragments: Arc::default(),
            source: Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        };
        site.listing().is_some().then_some(site)
    }

    /// Composes it with fragments that are served elsewhere.
    #[must_use]
    pub fn with_fragments(self, fragments: Arc<Fragments>) -> Self {
        Self { fragments, ..self }
    }

    /// Shows the code of that checkout; an empty path leaves the one this was compiled from.
    #[must_use]
    pub fn with_source(mut self, checkout: &Path) -> Self {
        if !checkout.as_os_str().is_empty() {
            checkout.clone_into(&mut self.source);
        }
        self
    }

    /// Serves it: files, the BFF behind the same address, and a page for every other path.
    pub fn configure(&self, config: &mut web::ServiceConfig) {
        config
            .app_data(web::Data::new(self.clone()))
            .service(
                web::resource("/manifest.json")
                    .get(manifest)
                    .route(web::head().to(manifest))
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

    /// What the manifest in the folder and the fragments' servers list now.
    fn listing(&self) -> Option<Arc<Listing>> {
        let own = self.own_listing()?;
        if self.fragments.is_empty() {
            return Some(own);
        }
        let mut composed = Listing::clone(&own);
        composed.fragments.extend(self.fragments.bundles());
        Some(Arc::new(composed))
    }

    fn own_listing(&self) -> Option<Arc<Listing>> {
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

/// What the loader reads: the folder's manifest, composed with the fragments' parts where these are elsewhere.
async fn manifest(request: HttpRequest, site: web::Data<Site>) -> HttpResponse {
    if site.fragments.is_empty() {
        return files::serve(&request, &site.folder.join("manifest.json"), "no-cache").await;
    }
    let composed = site.listing().and_then(|listing| serde_json::to_vec(&*listing).ok());
    match composed {
        Some(json) => files::answer(&request, "application/json", "no-cache", json),
        None => failed(),
    }
}

/// The first HTML of a page: frame, skeleton and what to load, in the visitor's language.
async fn page(
    request: HttpRequest,
    site: web::Data<Site>,
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
    let rendered = site.listing().and_then(|listing| {
        page::render(&site.folder, &listing, frame, address, &Visitor::of(&request))
    });
    let Some((page, html)) = rendered else { return failed() };
    // The page may be of a fragment that was never heard of: nobody knows what it claims.
    if page.is_none() && !site.fragments.missing().is_empty() {
        return failed();
    }
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
