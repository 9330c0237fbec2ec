//! The manifest: what the loader and the page server read at run time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

const NAME: &str = "manifest.json";

/// Where everything is, by names that change with the content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) page: Page,
    pub(crate) shell: Option<Entry>,
    /// By tag.
    pub(crate) fragments: BTreeMap<String, Entry>,
}

/// What every page loads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) css: Link,
    pub(crate) loader: Link,
    pub(crate) boot: Link,
}

/// One bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) js: Link,
    pub(crate) wasm: Link,
    #[serde(default)]
    pub(crate) attributes: Vec<String>,
    /// Path pattern to the page's name: `/products/{slug}` to `product`.
    #[serde(default)]
    pub(crate) routes: BTreeMap<String, String>,
}

/// A file and the hash that the browser holds it against.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    pub(crate) url: String,
    pub(crate) integrity: String,
}

impl Manifest {
    /// The manifest of the run before, if there was one that we understand.
    pub(crate) fn read(out: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(out.join(NAME)).ok()?).ok()
    }

    /// Replaces the manifest at once: who reads it meanwhile has the old or the new one.
    pub(crate) fn write(&self, out: &Path) -> Result<()> {
        let draft = out.join("manifest.new");
        fs::write(&draft, serde_json::to_vec(self)?)?;
        fs::rename(&draft, out.join(NAME)).context("cannot replace the manifest")
    }

    /// Every file it names.
    pub(crate) fn links(&self) -> impl Iterator<Item = &Link> {
        let bundles = self.shell.iter().chain(self.fragments.values());
        [&self.page.css, &self.page.loader, &self.page.boot]
            .into_iter()
            .chain(bundles.flat_map(|entry| [&entry.js, &entry.wasm]))
    }
}
