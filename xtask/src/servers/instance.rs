//! What the three private servers have in common: start, wait until it answers, kill, restart.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::container::Container;
use crate::console;
use crate::process::{Launch, Process};
use crate::run_folder::RunFolder;
use crate::wait;

/// A cold machine with busy disks takes its time; one that takes longer has another problem.
const READY_BOUND: Duration = Duration::from_secs(120);
/// Somebody may take a port between our look and the server's start, but hardly three times.
const ATTEMPTS: u32 = 3;

/// How a kind of server is started and asked for life.
pub(super) trait Recipe: Send + Sync + fmt::Debug {
    /// Names files and lines of progress.
    fn name(&self) -> &'static str;

    /// What to start, so that it listens on this loopback port.
    fn launch(&self, folder: &RunFolder, port: u16) -> Result<Launch>;

    /// The container the launch runs in, if it does.
    fn container(&self) -> Option<&Container> {
        None
    }

    /// Whether the server on this port answers in its own protocol.
    fn answers(&self, port: u16) -> bool;
}

/// A private server: one process, one port, one folder.
#[derive(Debug)]
pub(super) struct Instance {
    // Before the folder, so that it stops before the lock goes.
    process: Process,
    port: u16,
    recipe: Box<dyn Recipe>,
    folder: RunFolder,
}

impl Instance {
    /// Starts it and waits until it answers.
    pub(super) fn start(mut folder: RunFolder, mut recipe: Box<dyn Recipe>) -> Result<Self> {
        let name = recipe.name();
        let mut attempt = 1;
        let mut port = folder.port(name)?;
        loop {
            if let Some(container) = recipe.container() {
                container.remove();
            }
            let process = Process::start(&folder, recipe.launch(&folder, port)?)?;
            let mut instance = Self { process, port, recipe, folder };
            match instance.wait_ready() {
                Ok(()) => return Ok(instance),
                Err(_) if attempt < ATTEMPTS && instance.port_was_taken() => {
                    console::progress(name, format!("port {port} was taken, trying another"));
                    (recipe, folder) = instance.into_parts();
                    port = folder.new_port(name)?;
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn folder(&self) -> &RunFolder {
        &self.folder
    }

    pub(super) fn kill9(&mut self) -> Result<()> {
        if let Some(container) = self.recipe.container() {
            container.kill9();
        }
        self.process.kill9()
    }

    /// Starts it again on the same port and data; stops it first if it runs.
    pub(super) fn restart(&mut self) -> Result<()> {
        self.process.stop()?;
        if let Some(container) = self.recipe.container() {
            container.remove();
        }
        let launch = self.recipe.launch(&self.folder, self.port)?;
        self.process = Process::start(&self.folder, launch)?;
        self.wait_ready()
    }

    pub(super) fn stop(&mut self) -> Result<()> {
        self.process.stop()
    }

    fn wait_ready(&mut self) -> Result<()> {
        let name = self.recipe.name();
        let began = Instant::now();
        let ready = wait::until(READY_BOUND, || {
            if let Some(status) = self.process.ended()? {
                bail!("{name} ended while starting ({status})\n{}", self.process.last_words());
            }
            Ok(self.recipe.answers(self.port).then_some(()))
        })?;
        if ready.is_none() {
            bail!(
                "{name} does not answer on port {} after {}\n{}",
                self.port,
                console::spoken(READY_BOUND),
                self.process.last_words(),
            );
        }
        let took = console::spoken(began.elapsed());
        console::progress(name, format!("ready on 127.0.0.1:{} after {took}", self.port));
        Ok(())
    }

    fn port_was_taken(&self) -> bool {
        let words = self.process.last_words().to_lowercase();
        ["address already in use", "eaddrinuse", "port is already allocated"]
            .iter()
            .any(|complaint| words.contains(complaint))
    }

    fn into_parts(self) -> (Box<dyn Recipe>, RunFolder) {
        (self.recipe, self.folder)
    }
}
