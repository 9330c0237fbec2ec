//! The server of one fragment: its part of the manifest, and its files.

use std::path::{Path, PathBuf};

use actix_web::{HttpRequest, HttpResponse, web};
use anyhow::{Context as _, ensure};

use crate::site::files::{self, FOR_EVER};

/// Its part of the manifest.
pub(crate) const PART: &str = "fragment.json";

/// A folder that the packager wrote for one fragment.
#[derive(Debug, Clone)]
pub(crate) struct Fragment {
    folder: PathBuf,
}

impl Fragment {
    /// # Errors
    /// When the folder holds no part, or another fragment's.
    pub(crate) fn open(name: &str, folder: &Path) -> anyhow::Result<Self> {
        let fragment = Self { folder: folder.to_owned() };
        let path = fragment.part();
        let text = std::fs::read(&path)
            .with_context(|| format!("there is no fragment in {}", folder.display()))?;
        let part: serde_json::Value = serde_json::from_slice(&text)
            .with_context(|| format!("{} is no part of a manifest", path.display()))?;
        let is = part.get("name").and_then(|name| name.as_str()).unwrap_or_default();
        ensure!(is == name, "{} is of the fragment {is}, not of {name}", path.display());
        Ok(fragment)
    }

    pub(crate) fn part(&self) -> PathBuf {
        self.folder.join(PART)
    }

    /// Serves its files under the names that pages know them by, so that whoever routes to it changes no path.
    pub(crate) fn configure(&self, app: &mut web::ServiceConfig) {
        app.app_data(web::Data::new(self.clone()))
            .service(web::resource(format!("/{PART}")).get(part).route(web::head().to(part)))
            .service(web::resource("/assets/{name}").get(asset).route(web::head().to(asset)));
    }
}

async fn part(request: HttpRequest, fragment: web::Data<Fragment>) -> HttpResponse {
    files::serve(&request, &fragment.part(), "no-cache").await
}

async fn asset(
    request: HttpRequest,
    name: web::Path<String>,
    fragment: web::Data<Fragment>,
) -> HttpResponse {
    files::serve_from(&request, &fragment.folder.join("assets"), &name, FOR_EVER).await
}
