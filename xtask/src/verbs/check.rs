//! `cargo shop check`: everything about form that a machine can judge.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::Args;
use xtask::servers::install::cache;
use xtask::{console, frontend, workspace};

use super::steps::{self, Steps};

/// Raise it together with the toolchain: a newer cargo-deny may ask for a newer Rust.
const CARGO_DENY: &str = "0.20.2";

const HELP: &str = "\
Of both workspaces, services and frontend: formatting (cargo fmt), layers (who may depend on whom), cargo-deny (bans, licences, sources), clippy
with warnings as errors, and the lints of rustdoc, private items included. All of them run, also
after one has failed; the exit code is 0 only when none did.";

/// What to leave out.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// Leaves out cargo-deny, which takes minutes to install where it is missing
    #[arg(long)]
    skip_deny: bool,
}

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode> {
    let mut steps = Steps::default();
    steps.run("format", &mut workspace::cargo(["fmt", "--all", "--check", "--", "-l"]))?;
    steps.run("frontend format", &mut frontend::cargo(&["fmt", "--all", "--check", "--", "-l"]))?;
    steps.take("layers", steps::layers)?;
    if !arguments.skip_deny {
        steps.take("deny", || deny(workspace::root()))?;
        steps.take("frontend deny", || deny(&frontend::root()))?;
    }
    steps.run(
        "clippy",
        &mut workspace::cargo([
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]),
    )?;
    steps.run(
        "docs",
        workspace::cargo([
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
            "--quiet",
        ])
        .env("RUSTDOCFLAGS", "-Dwarnings"),
    )?;
    // Compiled for this machine: the same code, and clippy comes with no other toolchain.
    let clippy = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    steps.run("frontend clippy", &mut frontend::cargo(&clippy))?;
    Ok(steps.verdict())
}

fn deny(workspace: &Path) -> Result<bool> {
    let program = match cargo_deny() {
        Some(program) => program,
        None => install()?,
    };
    // Advisories are the pipeline's part: their database is a download that may be out of reach.
    let mut command = Command::new(program);
    command.arg("--config").arg(workspace::root().join("deny.toml"));
    command.args(["--log-level", "error", "check"]);
    if workspace != workspace::root() {
        // One list for both: not every licence on it is in use in each.
        command.args(["--allow", "license-not-encountered"]);
    }
    command.args(["bans", "licenses", "sources"]).current_dir(workspace);
    Ok(workspace::run(&mut command)?.success())
}

/// Of this version in our cache, or of any version in PATH.
pub(crate) fn cargo_deny() -> Option<PathBuf> {
    let cached = tools().join("bin/cargo-deny");
    if cached.exists() { Some(cached) } else { xtask::in_path("cargo-deny") }
}

fn install() -> Result<PathBuf> {
    console::progress(
        "deny",
        "installing cargo-deny into the cache; this once it takes a few minutes",
    );
    let mut command = workspace::cargo(["install", "--locked", "--quiet", "cargo-deny"]);
    command.args(["--version", CARGO_DENY]).arg("--root").arg(tools());
    if !workspace::run(&mut command)?.success() {
        anyhow::bail!("cargo-deny could not be installed: leave it out with --skip-deny");
    }
    Ok(tools().join("bin/cargo-deny"))
}

fn tools() -> PathBuf {
    // One folder per version: a new pin is a new installation.
    cache().join(format!("cargo-deny-{CARGO_DENY}"))
}
