//! `shop demo` as a process.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::process::{Child, Command};

/// A first start plays weeks of past orders.
const OPEN_WITHIN: Duration = Duration::from_secs(180);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A running demo; dropping it kills it.
#[derive(Debug)]
pub struct Demo {
    process: Child,
    url: String,
}

impl Demo {
    /// Starts the program `shop` on a free port, writing `log`, and waits until it is open.
    ///
    /// # Errors
    /// When it ends instead, or does not open in time.
    pub async fn start<A: AsRef<OsStr>>(
        program: &Path,
        arguments: impl IntoIterator<Item = A>,
        log: &Path,
    ) -> Result<Self> {
        let output = File::create(log)?;
        let mut process = Command::new(program)
            .args(["demo", "--port", "0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let began = Instant::now();
        loop {
            let said = fs::read_to_string(log)?;
            if let Some(url) = address(&said) {
                return Ok(Self { process, url });
            }
            let ended = process.try_wait()?;
            ensure!(ended.is_none(), "the demo ended, {ended:?}:\n{said}");
            ensure!(began.elapsed() < OPEN_WITHIN, "the demo is not open yet:\n{said}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Where its start page is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it as a power cut would.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub async fn kill9(&mut self) -> Result<()> {
        Ok(self.process.kill().await?)
    }
}

/// The address in what a demo says once it is open.
fn address(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("Saga Shop is open at ")?;
    let url = rest.split_whitespace().next()?;
    // Not half of a line that is being written.
    rest.contains('\n').then(|| url.to_owned())
}
