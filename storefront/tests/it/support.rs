//! Folders as the packager writes them, and servers of them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use chassis::config::load_from;
use reqwest::Client;
use serde_json::{Value, json};
use storefront::{Application, Config, SERVICE};
use tempfile::TempDir;
use testkit::eventually;

/// Long beside anything this waits for.
const BOUND: Duration = Duration::from_secs(20);

pub(crate) struct Server {
    pub(crate) url: String,
    _application: Application,
}

impl Server {
    pub(crate) async fn start(folder: &TempDir, settings: &[(&str, &str)]) -> Self {
        let dir = folder.path().display().to_string();
        let mut all = vec![("http.bind", "127.0.0.1:0"), ("ui.dir", dir.as_str())];
        all.extend([("ui.refresh_ms", "100"), ("telemetry.log", "off")]);
        all.extend(settings);
        let config: Config = load_from(SERVICE.defaults, &all).unwrap();
        let application = Application::build(config.service(), config).await.unwrap();
        Self { url: format!("http://{}", application.address()), _application: application }
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let answer = Client::new().get(format!("{}{path}", self.url)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub(crate) async fn manifest(&self) -> Value {
        serde_json::from_str(&self.get("/manifest.json").await.1).unwrap()
    }

    /// Waits until the manifest is as wanted.
    pub(crate) async fn lists(&self, pointer: &str, wanted: &Value) {
        eventually(BOUND, async || {
            let manifest = self.manifest().await;
            if manifest.pointer(pointer) == Some(wanted) {
                Ok(())
            } else {
                Err(manifest.to_string())
            }
        })
        .await;
    }
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn link(name: &str) -> Value {
    json!({ "url": format!("/assets/{name}"), "integrity": "sha384-abc" })
}

/// The shell's folder, which knows no fragment.
pub(crate) fn shell() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let page =
        json!({ "css": link("shop.css"), "loader": link("loader.js"), "boot": link("boot.js") });
    let shell = json!({ "js": link("shell.js"), "wasm": link("shell.wasm") });
    let manifest = json!({ "page": page, "shell": shell, "fragments": {} });
    write(folder.path(), "manifest.json", &manifest.to_string());
    write(
        folder.path(),
        "host/index.html",
        "<title>{{title}}</title>{{hints}}<main>{{main}}</main>",
    );
    write(folder.path(), "host/not-found.html", "{{t:lost}}");
    write(folder.path(), "host/skeletons/default.html", "<p>{{t:wait}}</p>");
    for language in ["en", "ko"] {
        write(
            folder.path(),
            &format!("host/text/{language}.txt"),
            "wait = One moment\nlost = Lost\n",
        );
    }
    folder
}

/// A fragment's folder, in some build of it.
pub(crate) fn fragment(name: &str, build: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    deliver(&folder, name, build);
    folder
}

/// Puts another build in the place of the one before.
pub(crate) fn deliver(folder: &TempDir, name: &str, build: &str) {
    write(folder.path(), &format!("assets/{name}-{build}.js"), build);
    let part = part(name, build);
    write(folder.path(), "fragment.new", &part.to_string());
    fs::rename(folder.path().join("fragment.new"), folder.path().join("fragment.json")).unwrap();
}

pub(crate) fn part(name: &str, build: &str) -> Value {
    let page = name.trim_end_matches("-ui");
    json!({
        "name": name,
        "tag": format!("shop-{page}"),
        "js": link(&format!("{name}-{build}.js")),
        "wasm": link(&format!("{name}-{build}.wasm")),
        "attributes": ["path"],
        "routes": { format!("/{page}"): page },
        "skeletons": { page: "<p>{{t:soon}}</p>" },
        "texts": { "en": { format!("title.{page}"): format!("{page} {build}"), "soon": "Soon" } },
    })
}
