//! `cargo shop ui`: the storefront's bundles, as browsers load them.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use xtask::{console, frontend};

const HELP: &str = "\
Compiles each bundle for size, runs wasm-bindgen as a library, hashes names, compresses (brotli,
gzip) and writes a manifest with integrity hashes; what did not change is taken from before. A
running shop serves the new files at the next request. Fails when a bundle is larger than its budget
(frontend/packager/src/budget.rs), after all is in place.

Compiles with the pinned Rust when it has the wasm target or rustup can add it, else with Debian's
rustc-web, which is installed when we may.";

/// What to build.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// Only these, beside what was built before, as catalog-ui [default: all]
    #[arg(value_name = "BUNDLE")]
    only: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    frontend::build(&arguments.only)?;
    console::answer(frontend::folder().display());
    Ok(ExitCode::SUCCESS)
}
