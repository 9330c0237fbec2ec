//! A folder with a storefront of its own, and the browser in front of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::browser::{self, Tools};
use xtask::frontend;
use xtask::workspace::root;

/// What a shop needs for the journeys, and where they leave pictures of what went wrong.
pub(crate) struct Stand {
    folder: PathBuf,
    ui: PathBuf,
    tools: Tools,
}

impl Stand {
    /// Copies the built storefront, for a journey replaces a part of it.
    pub(crate) fn build(name: &str) -> Self {
        let folder = root().join(".shop/whole-shop").join(name);
        let tools = tools();
        assert!(
            frontend::folder().join("manifest.json").exists(),
            "there is no storefront: run `cargo shop test`, or `cargo shop ui` first",
        );
        let _ = xtask::servers::wipe(&folder);
        let ui = folder.join("ui");
        copy(&frontend::folder(), &ui);
        Self { folder, ui, tools }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn ui(&self) -> &Path {
        &self.ui
    }

    /// Plays every journey in the shop at `url`; node tells by name which one fails. Or only those
    /// that `SHOP_TEST_JOURNEYS` names, for the person who mends one.
    pub(crate) fn play(&self, url: &str) {
        let views = self.folder.join("views");
        let played = player(&self.tools)
            .env("SHOP_URL", url)
            .env("SHOP_UI", &self.ui)
            .env("SHOP_BROWSER_VIEWS", &views)
            .status()
            .unwrap();
        assert!(played.success(), "a journey failed at {url}; pictures are in {}", views.display());
    }

    /// Deletes everything.
    pub(crate) fn clear(self) {
        fs::remove_dir_all(self.folder).unwrap();
    }
}

/// What is needed to play journeys, which must be there by now.
pub(crate) fn tools() -> Tools {
    Tools::find(&browser::journeys()).unwrap_or_else(|| {
        panic!("Node.js, Chromium or npm's packages are missing: run `cargo shop test`")
    })
}

/// Node, about to play journeys.
pub(crate) fn player(tools: &Tools) -> Command {
    let mut node = Command::new(&tools.node);
    node.args(["--test", "--test-reporter=spec"])
        .arg(browser::journeys().join("main.test.mjs"))
        .env("SHOP_CHROMIUM", &tools.chromium)
        .env("SHOP_BROWSER_PACKAGES", &tools.packages);
    node
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name());
        if !path.is_dir() {
            fs::copy(path, to.join(name)).unwrap();
        } else if name != "kept" {
            copy(&path, &to.join(name));
        }
    }
}
