use super::pack;
use crate::bundle;
use crate::kept::Kept;
use crate::manifest::Manifest;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The storefront's own sources, and folders for what is compiled and packed.
struct Workshop {
    frontend: PathBuf,
    wasm: TempDir,
    out: TempDir,
}

impl Workshop {
    /// As if every bundle had been compiled and bound to this text.
    fn open(text: &str) -> Self {
        let frontend = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let (wasm, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let workshop = Self { frontend, wasm, out };
        for bundle in bundle::all(&workshop.frontend).unwrap() {
            workshop.compile(&bundle.package, text);
        }
        workshop
    }

    fn compile(&self, package: &str, text: &str) {
        let linked = format!("{package} {text}");
        let path = self.wasm.path().join(format!("{}.wasm", package.replace('-', "_")));
        fs::write(path, &linked).unwrap();
        let kept = Kept::open(self.out.path().join("kept")).unwrap();
        for made in ["glue", "wasm"] {
            kept.put(made, linked.as_bytes(), format!("{made} of {linked}").as_bytes()).unwrap();
        }
    }

    fn pack(&self, only: &[&str]) -> Manifest {
        let only: Vec<_> = only.iter().map(|name| (*name).to_owned()).collect();
        pack(&self.frontend, self.wasm.path(), self.out.path(), &only).unwrap();
        Manifest::read(self.out.path()).unwrap()
    }
}

#[test]
fn packing_one_bundle_leaves_entries_and_files_of_the_others_as_they_are() {
    let workshop = Workshop::open("first");
    let before = workshop.pack(&[]);

    workshop.compile("catalog-ui", "second");
    workshop.compile("orders-ui", "second, but not asked for");
    let after = workshop.pack(&["catalog-ui"]);

    let (old, new) = (&before.fragments["shop-catalog"], &after.fragments["shop-catalog"]);
    assert_ne!((&old.js, &old.wasm), (&new.js, &new.wasm));
    let mut others = before.clone();
    others.fragments.insert("shop-catalog".to_owned(), new.clone());
    assert_eq!(after, others);
    for link in after.links().chain(before.links()) {
        let file = workshop.out.path().join(link.url.trim_start_matches('/'));
        assert!(file.is_file(), "{} is gone", link.url);
    }
}
