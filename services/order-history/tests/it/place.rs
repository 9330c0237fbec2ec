//! A place for a store that nobody else uses.

use std::net::SocketAddr;
use std::sync::Arc;

use order_history::store::HistoryStore;
use tempfile::TempDir;

/// Where a store is; a folder goes with it, a database on a server must be removed.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) url: String,
    folder: Option<TempDir>,
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("history.db").display());
        Self { url, folder: Some(folder) }
    }

    pub(crate) fn mongodb() -> Option<Self> {
        let server = testkit::mongodb_url()?;
        let (address, options) = server.split_once('?').unwrap_or((&server, ""));
        let address = address.trim_end_matches('/');
        let url = format!("{address}/{}?{options}", testkit::prefix());
        Some(Self { url, folder: None })
    }

    pub(crate) async fn open(&self) -> Arc<dyn HistoryStore> {
        order_history::store::open(&self.url, 5).await.unwrap()
    }

    /// Host and port of a server's place.
    pub(crate) fn server(&self) -> String {
        let rest = self.url.split_once("://").unwrap().1;
        rest.split('/').next().unwrap().to_owned()
    }

    /// The same place, reached through another address and no other.
    pub(crate) fn through(&self, address: SocketAddr) -> Self {
        let name = self.url.rsplit_once('/').unwrap().1.split('?').next().unwrap();
        let url = format!("mongodb://{address}/{name}?directConnection=true");
        Self { url, folder: None }
    }

    pub(crate) async fn remove(self) {
        if self.folder.is_none() {
            let client = mongodb::Client::with_uri_str(&self.url).await.unwrap();
            client.default_database().unwrap().drop().await.unwrap();
        }
    }
}
