//! `cargo shop bench`: built for speed, and run by the package `bench`.

use std::process::ExitCode;

use anyhow::Result;
use xtask::frontend;
use xtask::shop_env::KINDS;
use xtask::workspace::{self, Profile};

use super::passed_on::{self, Arguments};

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode> {
    frontend::build(&[])?;
    // What `cargo shop demo` runs, for its start to be measured without a build.
    workspace::build(Profile::Dev, &["shop"])?;
    let mut packages = vec!["bench", "shop"];
    packages.extend(KINDS.map(|kind| kind.name));
    workspace::build(Profile::Release, &packages)?;
    passed_on::become_program(Profile::Release, "bench", arguments.passed_on)
}
