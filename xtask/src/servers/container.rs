//! Servers in containers, where programs are missing and an engine answers.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context as _, Result};

use super::programs::in_path;
use crate::run_folder::RunFolder;

/// Says which container and volume belong to a folder.
const RECORD: &str = "container";

/// A container engine that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine(PathBuf);

impl Engine {
    /// Docker or Podman; the program alone, without an engine behind it, does not count.
    pub fn find() -> Option<Self> {
        static FOUND: OnceLock<Option<Engine>> = OnceLock::new();
        let answers = |program: &PathBuf| quietly(Command::new(program).arg("info"));
        FOUND
            .get_or_init(|| {
                let programs = ["docker", "podman"].into_iter().filter_map(in_path);
                programs.into_iter().find(answers).map(Engine)
            })
            .clone()
    }

    /// The program to talk to it with.
    pub fn program(&self) -> &Path {
        &self.0
    }
}

/// One container, run in the foreground of a child process.
#[derive(Debug)]
pub(super) struct Container {
    engine: Engine,
    name: String,
}

impl Container {
    /// A container for the server of this folder; its data is in a volume of the same name.
    pub(super) fn new(engine: Engine, folder: &RunFolder) -> Result<Self> {
        if let Some((_, name)) = recorded(folder.path()) {
            return Ok(Self { engine, name });
        }
        let name = name_for(folder.path());
        // The folder is new: whatever an older one of this place left does not belong to it.
        quietly(Command::new(&engine.0).args(["rm", "--force", &name]));
        quietly(Command::new(&engine.0).args(["volume", "rm", "--force", &name]));
        fs::write(folder.file(RECORD), format!("{}\n{name}\n", engine.0.display()))
            .context("could not write down the volume")?;
        Ok(Self { engine, name })
    }

    /// `docker run`, so far that only more options, the image and its arguments are missing.
    pub(super) fn run(&self, port: u16, inner_port: u16, data: &str) -> Command {
        let mut command = Command::new(&self.engine.0);
        command
            .args(["run", "--rm", "--name", &self.name])
            .args(["--publish", &format!("127.0.0.1:{port}:{inner_port}")])
            .args(["--volume", &format!("{}:{data}", self.name)]);
        command
    }

    /// A program run inside it.
    pub(super) fn exec(&self) -> Command {
        let mut command = Command::new(&self.engine.0);
        command.args(["exec", "--interactive"]);
        command
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// `kill -9` for the server inside.
    pub(super) fn kill9(&self) {
        quietly(Command::new(&self.engine.0).args(["kill", &self.name]));
    }

    /// Removes what an earlier run may have left under this name.
    pub(super) fn remove(&self) {
        quietly(Command::new(&self.engine.0).args(["rm", "--force", &self.name]));
    }
}

/// Deletes the volume of a server that ran in a container with this folder.
pub(super) fn forget_volume(folder: &Path) {
    if let Some((engine, name)) = recorded(folder) {
        quietly(Command::new(&engine).args(["rm", "--force", &name]));
        quietly(Command::new(&engine).args(["volume", "rm", "--force", &name]));
    }
}

/// Engine and name of the container of this folder, if it ever had one.
fn recorded(folder: &Path) -> Option<(String, String)> {
    let text = fs::read_to_string(folder.join(RECORD)).ok()?;
    let (engine, name) = text.trim().split_once('\n')?;
    Some((engine.to_owned(), name.to_owned()))
}

fn name_for(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    let kind = folder.file_name().unwrap_or_default().to_string_lossy();
    format!("saga-shop-{kind}-{:016x}", hasher.finish())
}

fn quietly(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
