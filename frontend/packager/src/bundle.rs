//! Which packages are bundles, and what wasm-bindgen makes of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use wasm_bindgen_cli_support::Bindgen;

use crate::kept::Kept;
use crate::slim::slim;

/// A package that becomes one wasm file.
#[derive(Debug)]
pub(crate) struct Bundle {
    pub(crate) package: String,
    /// Of its custom element; the shell has none.
    pub(crate) tag: Option<String>,
    pub(crate) attributes: Vec<String>,
    pub(crate) routes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct CargoToml {
    package: Package,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    bundle: Option<Declared>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    tag: Option<String>,
    #[serde(default)]
    attributes: Vec<String>,
    #[serde(default)]
    routes: BTreeMap<String, String>,
}

/// Every package of the workspace that declares itself a bundle, by name.
pub(crate) fn all(frontend: &Path) -> Result<Vec<Bundle>> {
    let mut bundles = Vec::new();
    for folder in fs::read_dir(frontend)? {
        let path = folder?.path().join("Cargo.toml");
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let CargoToml { package } = toml::from_str(&text)
            .with_context(|| format!("{} declares no bundle we understand", path.display()))?;
        if let Some(declared) = package.metadata.and_then(|metadata| metadata.bundle) {
            bundles.push(Bundle {
                package: package.name,
                tag: declared.tag,
                attributes: declared.attributes,
                routes: declared.routes,
            });
        }
    }
    bundles.sort_by(|a, b| a.package.cmp(&b.package));
    Ok(bundles)
}

/// The glue and the module that wasm-bindgen makes of what the linker wrote.
pub(crate) fn bind(linked: &Path, kept: &Kept) -> Result<(Vec<u8>, Vec<u8>)> {
    let input = fs::read(linked).context("it was not built")?;
    if let (Some(glue), Some(module)) = (kept.find("glue", &input), kept.find("wasm", &input)) {
        return Ok((glue, module));
    }
    let draft = linked.with_extension("bound");
    Bindgen::new()
        .input_path(linked)
        .out_name("bundle")
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The loader fetches the module itself, to hold it against its hash.
        .omit_default_module_path(true)
        // `__wbg_reset_state()`: a fresh instance of the same module, so that "try again" works
        // after a panic.
        .reset_state_function(true)
        .generate(&draft)?;
    let glue = fs::read_to_string(draft.join("bundle.js"))?;
    let module = fs::read(draft.join("bundle_bg.wasm"))?;
    fs::remove_dir_all(&draft)?;
    let (glue, module) = slim(&glue, &module)?;
    kept.put("glue", &input, glue.as_bytes())?;
    kept.put("wasm", &input, &module)?;
    Ok((glue.into_bytes(), module))
}

#[cfg(test)]
mod tests {
    use super::all;
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_page_has_a_title_in_every_language_from_server_and_shell() {
        let frontend = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let pages: Vec<_> =
            all(&frontend).unwrap().into_iter().flat_map(|it| it.routes.into_values()).collect();
        assert!(!pages.is_empty());

        for table in
            ["host/text/en.txt", "host/text/ko.txt", "shell/i18n/en.txt", "shell/i18n/ko.txt"]
        {
            let text = fs::read_to_string(frontend.join(table)).unwrap();
            for page in &pages {
                let key = format!("title.{page} = ");
                assert!(text.lines().any(|line| line.starts_with(&key)), "{key} in {table}");
            }
        }
    }
}
