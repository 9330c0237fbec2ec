//! Verbs that live in the package `shop`: it is built, and takes the place of this process.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use clap::Args;
use xtask::frontend;
use xtask::workspace::{self, Profile};

/// Handed over as they are, `--help` included.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Options of the verb; --help after it lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    pub(crate) passed_on: Vec<OsString>,
}

pub(crate) fn run(verb: &str, arguments: Arguments) -> Result<ExitCode> {
    let asks_for_help = arguments.passed_on.iter().any(|it| it == "--help" || it == "-h");
    if verb == "demo" && !asks_for_help {
        frontend::build_if_possible()?;
    }
    workspace::build(Profile::Dev, &["shop"])?;
    become_program(Profile::Dev, "shop", std::iter::once(verb.into()).chain(arguments.passed_on))
}

/// Replaces this process, so that signals and the exit code need no passing on.
pub(crate) fn become_program(
    profile: Profile,
    name: &str,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<ExitCode> {
    let program = workspace::program(profile, name);
    let error = Command::new(&program).args(arguments).env("SHOP_UI", frontend::folder()).exec();
    Err(error).with_context(|| format!("could not start {}", program.display()))
}
