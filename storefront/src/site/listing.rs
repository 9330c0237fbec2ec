//! `manifest.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What was built.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Listing {
    pub(super) page: Page,
    pub(super) shell: Bundle,
    /// By tag.
    pub(super) fragments: BTreeMap<String, Bundle>,
}

/// What every page loads.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Page {
    pub(super) css: Link,
    pub(super) loader: Link,
    pub(super) boot: Link,
}

/// One bundle.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Bundle {
    pub(super) js: Link,
    pub(super) wasm: Link,
    #[serde(default)]
    attributes: Vec<String>,
    #[serde(default)]
    pub(super) routes: BTreeMap<String, String>,
    /// What stands in for its pages until it has come, by page; of a fragment that is served elsewhere.
    #[serde(default, skip_serializing)]
    pub(super) skeletons: BTreeMap<String, String>,
    /// What these and the titles of its pages say, by language and key.
    #[serde(default, skip_serializing)]
    pub(super) texts: BTreeMap<String, BTreeMap<String, String>>,
}

/// A file and its hash.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Link {
    pub(super) url: String,
    pub(super) integrity: String,
}

impl Listing {
    /// The fragment that shows a path, with the page's name; the pattern with fewer placeholders wins.
    pub(super) fn find(&self, path: &str) -> Option<(&str, &str, &Bundle)> {
        let routes = self.fragments.iter().flat_map(|(tag, bundle)| {
            bundle.routes.iter().map(move |(pattern, page)| (pattern, tag, page, bundle))
        });
        routes
            .filter(|(pattern, ..)| fits(pattern, path))
            .min_by_key(|(pattern, ..)| pattern.matches('{').count())
            .map(|(_, tag, page, bundle)| (tag.as_str(), page.as_str(), bundle))
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let mut wanted = pattern.trim_end_matches('/').split('/');
    let mut found = path.trim_end_matches('/').split('/');
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(part), Some(is)) if part == is || (part.starts_with('{') && !is.is_empty()) => {}
            _ => return false,
        }
    }
}
