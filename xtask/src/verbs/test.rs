//! `cargo shop test`: every test of the workspace, with real servers to run on.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Args;
use xtask::run_folder::RunFolder;
use xtask::servers::{self, Given, Servers, install};
use xtask::{console, workspace};

use super::steps::{self, Steps};

const HELP: &str = "\
Servers are taken from SHOP_TEST_POSTGRES_URL, SHOP_TEST_AMQP_URL and SHOP_TEST_MONGODB_URL where
these are set, else from programs installed here, else from containers; as root on Debian missing
ones are installed. They keep their data below .shop/ and are gone afterwards.

Exit code: 0 when all tests passed, 130 after Ctrl-C, else 1.";

/// What to run.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// Runs only tests whose name contains this
    filter: Option<String>,
    /// Only tests of this package; may be repeated
    #[arg(long, short, value_name = "NAME")]
    package: Vec<String>,
    /// Passed on to the tests, as in: cargo shop test -- --nocapture
    #[arg(last = true)]
    rest: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let given = Given::from_env("SHOP_TEST_");
    install::ensure(&given)?;
    let mut steps = Steps::default();
    steps.take("layers", steps::layers)?;
    // First, so that the servers do not sit through the compilation.
    let selection = arguments.selection();
    let built = steps.run("build", workspace::cargo(["test", "--no-run"]).args(&selection))?
        && steps.run("build programs", workspace::cargo(["build", "--bins"]).args(&selection))?;
    if !built {
        return Ok(steps.verdict());
    }

    let folder = RunFolder::open(&data_folder())?;
    servers::wipe(&folder.file("servers"))?;
    let began = Instant::now();
    let servers = Servers::start(&folder.file("servers"), &given)?;
    console::progress("servers", format!("ready after {}", console::spoken(began.elapsed())));
    steps.run(
        "tests",
        workspace::cargo(["test", "--no-fail-fast"])
            .args(&selection)
            .args(arguments.of_the_tests())
            .env("SHOP_TEST_POSTGRES_URL", servers.postgres_url())
            .env("SHOP_TEST_AMQP_URL", servers.amqp_url())
            .env("SHOP_TEST_MONGODB_URL", servers.mongodb_url()),
    )?;
    servers.stop();
    servers::wipe(&folder.file("servers"))?;
    fs::remove_dir_all(folder.path()).context("could not clear up after the tests")?;
    Ok(steps.verdict())
}

impl Arguments {
    fn selection(&self) -> Vec<&str> {
        if self.package.is_empty() {
            return vec!["--workspace"];
        }
        self.package.iter().flat_map(|package| ["--package", package]).collect()
    }

    fn of_the_tests(&self) -> Vec<&str> {
        let filter = self.filter.iter().map(String::as_str);
        filter.chain(["--"]).chain(self.rest.iter().map(String::as_str)).collect()
    }
}

/// Of its own for every run: two at a time do not meet.
fn data_folder() -> PathBuf {
    workspace::root().join(".shop").join(format!("test-{}", std::process::id()))
}
