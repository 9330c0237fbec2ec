//! The first HTML of a page: it shows the frame and a skeleton before any script has come.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::listing::{Bundle, Link, Listing};
use super::template::{Texts, escape, fill};
use super::visitor::Visitor;

/// With the shell around it.
pub(super) const FRAME: &str = "index.html";
/// One fragment and nothing else, for those who work on it.
pub(super) const ALONE: &str = "alone.html";

/// The page that a fragment shows at the address, and the HTML; `None` while a build replaces the
/// templates.
pub(super) fn render(
    folder: &Path,
    listing: &Listing,
    frame: &str,
    address: &str,
    visitor: &Visitor,
) -> Option<(Option<String>, String)> {
    let host = folder.join("host");
    let read = |name: &str| fs::read_to_string(host.join(name)).ok();
    let mut texts = Texts::parse(&read(&format!("text/{}.txt", visitor.locale))?);
    let found = listing.find(address.split('?').next().unwrap_or_default());
    if let Some(own) = found.and_then(|(.., bundle)| bundle.texts.get(visitor.locale)) {
        texts.add(own);
    }
    let known = found.map(|(_, page, _)| page.to_owned());
    let page = known.as_deref().unwrap_or("not-found");
    let main = match found {
        Some((tag, page, bundle)) => {
            let own = bundle.skeletons.get(page).cloned();
            let skeleton = own
                .or_else(|| read(&format!("skeletons/{page}.html")))
                .or_else(|| read("skeletons/default.html"))?;
            format!(
                "<{tag} locale=\"{}\" currency=\"{}\" path=\"{}\">{}</{tag}>",
                visitor.locale,
                visitor.currency,
                // With its query, as a fragment is told it later, or it would ask for a page twice.
                escape(address),
                fill(&skeleton, &[], &texts).trim(),
            )
        }
        None => fill(&read("not-found.html")?, &[], &texts),
    };
    let preferences = format!("{} · {}", visitor.locale.to_uppercase(), visitor.currency);
    let values = [
        ("lang", visitor.locale),
        ("theme", visitor.theme),
        ("currency", visitor.currency),
        ("preferences", &preferences),
        ("title", &escape(texts.get(&format!("title.{page}")))),
        ("css.url", &listing.page.css.url),
        ("css.integrity", &listing.page.css.integrity),
        ("boot.url", &listing.page.boot.url),
        ("boot.integrity", &listing.page.boot.integrity),
        ("hints", &hints(listing, found.map(|(.., bundle)| bundle))),
        ("main", &main),
    ];
    let html = fill(&read(frame)?, &values, &texts);
    Some((known, html))
}

/// What the page loads for sure, so that the browser begins with all of it at once.
fn hints(listing: &Listing, fragment: Option<&Bundle>) -> String {
    let mut hints = String::new();
    let bundles = || std::iter::once(&listing.shell).chain(fragment);
    let modules = std::iter::once(&listing.page.loader).chain(bundles().map(|bundle| &bundle.js));
    for Link { url, integrity } in modules {
        // Writing to a String cannot fail.
        let _ = write!(hints, r#"<link rel="modulepreload" href="{url}" integrity="{integrity}">"#);
    }
    for url in bundles().map(|bundle| bundle.wasm.url.as_str()).chain(["/manifest.json"]) {
        // Without integrity, which browsers ignore here with a warning: the fetch later has it.
        let _ = write!(hints, r#"<link rel="preload" as="fetch" crossorigin href="{url}">"#);
    }
    hints
}
