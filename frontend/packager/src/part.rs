//! What each bundle needs to be served, and delivered, by a server of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::bundle::Bundle;
use crate::copy_host;
use crate::manifest::{Entry, Link, Manifest};

/// A fragment's part of the manifest, with what the first HTML of its pages needs.
#[derive(Debug, Serialize)]
struct Part<'a> {
    name: &'a str,
    tag: &'a str,
    js: Link,
    wasm: Link,
    attributes: &'a [String],
    routes: &'a BTreeMap<String, String>,
    /// By page; the shell has one for those without.
    skeletons: BTreeMap<String, String>,
    /// By language and key: titles, and what the skeletons name.
    texts: BTreeMap<String, BTreeMap<String, String>>,
}

/// Writes `parts/PACKAGE` for every bundle that was ever packed.
pub(crate) fn write_all(out: &Path, manifest: &Manifest, bundles: &[Bundle]) -> Result<()> {
    let parts = out.join("parts");
    if parts.exists() {
        fs::remove_dir_all(&parts)?;
    }
    for bundle in bundles {
        let folder = parts.join(&bundle.package);
        match &bundle.tag {
            Some(tag) => match manifest.fragments.get(tag) {
                Some(entry) => write_fragment(out, &folder, &bundle.package, tag, entry)?,
                None => continue,
            },
            None => write_shell(out, &folder, manifest)?,
        }
    }
    Ok(())
}

fn write_fragment(out: &Path, folder: &Path, name: &str, tag: &str, entry: &Entry) -> Result<()> {
    copy_files(out, folder, [&entry.js, &entry.wasm].into_iter())?;
    let host = out.join("host");
    let mut skeletons = BTreeMap::new();
    for page in entry.routes.values() {
        if let Ok(html) = fs::read_to_string(host.join(format!("skeletons/{page}.html"))) {
            skeletons.insert(page.clone(), html);
        }
    }
    let part = Part {
        name,
        tag,
        js: entry.js.clone(),
        wasm: entry.wasm.clone(),
        attributes: &entry.attributes,
        routes: &entry.routes,
        texts: texts(&host.join("text"), &keys(entry, &skeletons))?,
        skeletons,
    };
    fs::write(folder.join("fragment.json"), serde_json::to_vec(&part)?)?;
    Ok(())
}

/// All that pages need beside the fragments.
fn write_shell(out: &Path, folder: &Path, manifest: &Manifest) -> Result<()> {
    let alone = Manifest { fragments: BTreeMap::new(), ..manifest.clone() };
    copy_files(out, folder, alone.links())?;
    for name in ["host", "pictures"] {
        copy_host(&out.join(name), &folder.join(name))?;
    }
    alone.write(folder)
}

/// With their compressed forms.
fn copy_files<'l>(out: &Path, folder: &Path, links: impl Iterator<Item = &'l Link>) -> Result<()> {
    fs::create_dir_all(folder.join("assets"))?;
    for Link { url, .. } in links {
        for suffix in ["", ".br", ".gz"] {
            let name = format!("{}{suffix}", url.trim_start_matches('/'));
            fs::copy(out.join(&name), folder.join(&name))
                .with_context(|| format!("cannot copy {name}"))?;
        }
    }
    Ok(())
}

fn keys(entry: &Entry, skeletons: &BTreeMap<String, String>) -> BTreeSet<String> {
    let titles = entry.routes.values().map(|page| format!("title.{page}"));
    let named = skeletons.values().flat_map(|html| {
        let names = html.split("{{t:").skip(1);
        names.filter_map(|rest| rest.split_once("}}")).map(|(key, _)| key.to_owned())
    });
    titles.chain(named).collect()
}

/// The texts of these keys in every language, which are files with `key = text` lines.
fn texts(
    folder: &Path,
    keys: &BTreeSet<String>,
) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
    let mut texts = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let table = fs::read_to_string(&path)?;
        let known = table.lines().filter_map(|line| line.split_once(" = "));
        let wanted = known.filter(|(key, _)| keys.contains(*key));
        let wanted = wanted.map(|(key, text)| (key.to_owned(), text.to_owned()));
        texts.insert(language, wanted.collect());
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use super::write_all;
    use crate::bundle::Bundle;
    use crate::manifest::{Entry, Link, Manifest};

    fn file(out: &Path, name: &str, text: &str) -> Link {
        for suffix in ["", ".br", ".gz"] {
            let path = out.join(format!("{name}{suffix}"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Link { url: format!("/{name}"), integrity: "sha384-x".to_owned() }
    }

    fn bundle(package: &str, tag: Option<&str>) -> Bundle {
        Bundle {
            package: package.to_owned(),
            tag: tag.map(str::to_owned),
            attributes: Vec::new(),
            routes: BTreeMap::new(),
        }
    }

    #[test]
    fn a_part_has_all_that_its_server_serves_and_nothing_of_others() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path();
        file(out, "host/skeletons/cart.html", "<p>{{t:wait}}</p>");
        file(out, "host/skeletons/home.html", "<p>{{t:hero}}</p>");
        file(out, "host/text/en.txt", "title.cart = Cart\nwait = One moment\nhero = Good\n");
        fs::remove_file(out.join("host/text/en.txt.br")).unwrap();
        fs::remove_file(out.join("host/text/en.txt.gz")).unwrap();
        file(out, "pictures/mug.svg", "<svg/>");
        let page = file(out, "assets/page-1.js", "page");
        let entry = |name: &str, routes: BTreeMap<String, String>| Entry {
            js: file(out, &format!("assets/{name}-1.js"), name),
            wasm: file(out, &format!("assets/{name}-2.wasm"), name),
            attributes: vec!["path".to_owned()],
            routes,
        };
        let mut manifest = Manifest::default();
        (manifest.page.css, manifest.page.loader, manifest.page.boot) =
            (page.clone(), page.clone(), page);
        manifest.shell = Some(entry("shell-ui", BTreeMap::new()));
        let routes = BTreeMap::from([("/cart".to_owned(), "cart".to_owned())]);
        manifest.fragments.insert("shop-checkout".to_owned(), entry("checkout-ui", routes));

        let bundles = [bundle("checkout-ui", Some("shop-checkout")), bundle("shell-ui", None)];
        write_all(out, &manifest, &bundles).unwrap();

        let parts = out.join("parts");
        let part = fs::read(parts.join("checkout-ui/fragment.json")).unwrap();
        let part: serde_json::Value = serde_json::from_slice(&part).unwrap();
        assert_eq!(part["js"]["url"], "/assets/checkout-ui-1.js");
        assert_eq!(part["skeletons"]["cart"], "<p>{{t:wait}}</p>");
        assert_eq!(part["texts"]["en"].as_object().unwrap().len(), 2, "{part}");
        let names = |folder: &str| {
            let mut names: Vec<_> = fs::read_dir(parts.join(folder))
                .unwrap()
                .map(|file| file.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        let own = ["-1.js", "-1.js.br", "-1.js.gz", "-2.wasm", "-2.wasm.br", "-2.wasm.gz"];
        assert_eq!(names("checkout-ui/assets"), own.map(|name| format!("checkout-ui{name}")));
        assert_eq!(names("shell-ui"), ["assets", "host", "manifest.json", "pictures"]);
        let shell = fs::read_to_string(parts.join("shell-ui/manifest.json")).unwrap();
        assert!(!shell.contains("checkout"), "{shell}");
    }
}
