//! This workspace: where it is, how it is built, and where its programs come out.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::console;
use crate::stop;

const LOOK_EVERY: Duration = Duration::from_millis(50);
/// What a signal did not end by then is killed.
const STOP_BOUND: Duration = Duration::from_secs(10);

/// How to compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to compile.
    Dev,
    /// Quick to run.
    Release,
}

/// The folder with the workspace's `Cargo.toml`.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where a program of the workspace is once it is built.
pub fn program(profile: Profile, name: &str) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    root().join(target.unwrap_or_else(|| "target".into())).join(folder).join(name)
}

/// `cargo` with these arguments, in the workspace.
pub fn cargo<I: Into<OsString>>(arguments: impl IntoIterator<Item = I>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments.into_iter().map(Into::into)).current_dir(root());
    command
}

/// Builds the programs of these packages, with cargo's own progress on the terminal.
pub fn build(profile: Profile, packages: &[&str]) -> Result<()> {
    let mut command = cargo(["build", "--bins"]);
    // With ourselves among them, all crates get the features they have in a build of the whole
    // workspace, and `cargo shop test` after `cargo shop demo` compiles no dependency again.
    let packages_and_us = packages.iter().chain(&["xtask"]);
    command.args(packages_and_us.flat_map(|package| ["--package", *package]));
    if profile == Profile::Release {
        command.arg("--release");
    }
    let began = Instant::now();
    console::progress("cargo", format!("building {}", packages.join(", ")));
    if !run(&mut command)?.success() {
        bail!("the build failed");
    }
    console::progress("cargo", format!("built after {}", console::spoken(began.elapsed())));
    Ok(())
}

/// Runs a command in the foreground; asked to stop, we pass that on and report it as an error.
pub fn run(command: &mut Command) -> Result<ExitStatus> {
    let program = command.get_program().display().to_string();
    // A group of its own, so that a signal reaches the programs that cargo runs, too.
    let mut child = command
        .process_group(0)
        // Not the terminal: a group in the background that reads from it is halted.
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("could not start {program}"))?;
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let mut asked_at: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait()? {
            stop::check()?;
            return Ok(status);
        }
        let signal = match asked_at {
            None if stop::requested() => {
                asked_at = Some(Instant::now());
                Some(Signal::TERM)
            }
            Some(at) if at.elapsed() >= STOP_BOUND => Some(Signal::KILL),
            None | Some(_) => None,
        };
        if let (Some(group), Some(signal)) = (group, signal) {
            // It may have ended in this very moment.
            let _ = kill_process_group(group, signal);
        }
        thread::sleep(LOOK_EVERY);
    }
}
