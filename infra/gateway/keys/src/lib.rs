#![doc = include_str!("../README.md")]

mod folder;
mod jwks;
mod reload;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};

pub use folder::Folder;
pub use jwks::{Key, keys};
pub use reload::reload;

/// Identity answers at once, or is away.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Keeps the files as identity publishes the keys.
#[derive(Debug)]
pub struct Follower {
    client: reqwest::Client,
    url: String,
    folder: Folder,
    master: PathBuf,
    owes_reload: bool,
}

impl Follower {
    /// From the JWKS at `url` into `folder`; `master` is the socket of HAProxy's master process.
    ///
    /// # Errors
    /// When there can be no HTTP client.
    pub fn new(url: String, folder: Folder, master: PathBuf) -> Result<Self> {
        let client = reqwest::Client::builder().timeout(ANSWER_WITHIN).build()?;
        Ok(Self { client, url, folder, master, owes_reload: false })
    }

    /// Looks once; tells whether the files have changed.
    ///
    /// # Errors
    /// When identity does not answer with keys, the files cannot be written, or HAProxy cannot be
    /// told; the next look makes up for it.
    pub async fn look(&mut self) -> Result<bool> {
        let answer = self.client.get(&self.url).send().await.context("identity does not answer")?;
        let answer = answer.error_for_status().context("identity publishes no keys")?;
        let keys = keys(&answer.bytes().await.context("identity's answer broke off")?)?;
        let changed = self.folder.write(&keys)?;
        self.owes_reload |= changed;
        if self.owes_reload {
            reload(&self.master)?;
            self.owes_reload = false;
        }
        Ok(changed)
    }
}
