//! `cargo shop test`: every test of the workspace, with real servers to run on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use xtask::browser::{self, Tools};
use xtask::servers::{self, Given, Keeping, Servers, install};
use xtask::tool::Tool;
use xtask::{console, frontend, workspace};

use super::steps::{self, Steps};

const HELP: &str = "\
Servers are taken from SHOP_TEST_POSTGRES_URL, SHOP_TEST_AMQP_URL and SHOP_TEST_MONGODB_URL where
these are set, else from programs installed here, else from containers; as root on Debian missing
ones are installed. They keep their data below .shop/ and are gone afterwards. Chromium and Node.js
drive the storefront; they are found or installed likewise.

Exit code: 0 when all tests passed, 130 after Ctrl-C, else 1.";

/// The package whose tests start every program there is, and a browser in front of them.
const WHOLE_SHOP: &str = "shop-tests";

/// The package whose tests ask programs that nothing else needs.
const INFRA_CHECKS: &str = "infra-checks";

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
    let mut steps = Steps::default();
    steps.take("layers", steps::layers)?;
    // It needs no server, and whoever broke it knows in a minute.
    let (ui, services) = arguments.packages()?;
    if let Some(ui) = ui {
        let mut test = frontend::cargo(&["test", "--no-fail-fast"]);
        test.args(selection(&ui)).args(arguments.of_the_tests());
        steps.run("frontend tests", &mut test)?;
    }
    let Some(services) = services else { return Ok(steps.verdict()) };
    let selection = selection(&services);
    let given = Given::from_env("SHOP_TEST_");
    install::ensure(&given)?;
    if services.is_empty() || services.contains(&INFRA_CHECKS) {
        Tool::ALL.into_iter().try_for_each(|tool| tool.ensure().map(drop))?;
    }
    let is_whole_shop = services.is_empty() || services.contains(&WHOLE_SHOP);
    if is_whole_shop {
        Tools::ensure(&browser::journeys())?;
        steps.take("storefront", || frontend::build(&[]).map(|()| true))?;
    }
    let programs = if is_whole_shop { &["--workspace"] } else { selection.as_slice() };
    // First, so that the servers do not sit through the compilation.
    let built = steps.run("build", workspace::cargo(["test", "--no-run"]).args(&selection))?
        && steps.run("build programs", workspace::cargo(["build", "--bins"]).args(programs))?;
    if !built {
        return Ok(steps.verdict());
    }

    let folder = Folder::new()?;
    let began = Instant::now();
    let servers = Servers::start(folder.path(), &given, Keeping::Fleeting)?;
    console::progress("servers", format!("ready after {}", console::spoken(began.elapsed())));
    let mut tests = workspace::cargo(["test", "--no-fail-fast"]);
    tests
        .args(&selection)
        .args(arguments.of_the_tests())
        .env("SHOP_TEST_POSTGRES_URL", servers.postgres_url())
        .env("SHOP_TEST_AMQP_URL", servers.amqp_url())
        .env("SHOP_TEST_MONGODB_URL", servers.mongodb_url());
    if given.postgres.is_none() {
        tests.env("SHOP_TEST_POSTGRES_FLEETING", "yes");
    }
    steps.run("tests", &mut tests)?;
    servers.stop();
    Ok(steps.verdict())
}

/// Packages of one workspace; empty for all of them.
type Packages<'a> = Vec<&'a str>;

fn selection<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    if packages.is_empty() {
        return vec!["--workspace"];
    }
    packages.iter().flat_map(|package| ["--package", package]).collect()
}

impl Arguments {
    /// Those of the frontend's workspace and those of the services'; `None` where none is asked for.
    fn packages(&self) -> Result<(Option<Packages<'_>>, Option<Packages<'_>>)> {
        if self.package.is_empty() {
            return Ok((Some(Vec::new()), Some(Vec::new())));
        }
        let known = frontend::packages()?;
        let all = self.package.iter().map(String::as_str);
        let (ui, services): (Vec<_>, Vec<_>) =
            all.partition(|name| known.iter().any(|known| known == name));
        Ok((Some(ui).filter(|it| !it.is_empty()), Some(services).filter(|it| !it.is_empty())))
    }

    fn of_the_tests(&self) -> Vec<&str> {
        let filter = self.filter.iter().map(String::as_str);
        filter.chain(["--"]).chain(self.rest.iter().map(String::as_str)).collect()
    }
}

/// Where the servers of one run keep their data; gone afterwards.
struct Folder(PathBuf);

impl Folder {
    /// A folder of its own, so that two runs at a time do not meet.
    fn new() -> Result<Self> {
        let all = workspace::root().join(".shop");
        fs::create_dir_all(&all)?;
        for entry in fs::read_dir(&all)? {
            let old = entry?;
            if old.file_name().to_string_lossy().starts_with("test-") {
                // Of a run that was killed, or one that is still going on: that one is in use.
                let _ = servers::wipe(&old.path());
            }
        }
        Ok(Self(all.join(format!("test-{}", std::process::id()))))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = servers::wipe(&self.0) {
            console::progress("servers", format!("{error:#}"));
        }
    }
}
