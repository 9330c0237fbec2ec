//! What the browser tests need beside a shop: Node.js, Chromium, and the npm packages they name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::output_of;
use crate::servers::install::{apt, cache, can_use_apt};
use crate::{console, in_path, workspace};

/// The oldest Node.js that runs the journeys: Debian 12's.
const NODE: u32 = 18;
const CHROMIUM: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const CHROMIUM_ON_MACOS: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// A program that can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Runs the journeys.
    Node,
    /// Fetches their packages, once.
    Npm,
    /// Is driven by them.
    Chromium,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Node, Self::Npm, Self::Chromium];

    /// Its proper name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Node => "Node.js",
            Self::Npm => "npm",
            Self::Chromium => "Chromium",
        }
    }

    /// Where its program is; `None` when it is not installed, or too old.
    pub fn installed(self) -> Option<PathBuf> {
        match self {
            Self::Node => in_path("node").filter(|node| is_new_enough(node)),
            Self::Npm => in_path("npm"),
            Self::Chromium => {
                let on_macos = CHROMIUM_ON_MACOS.map(PathBuf::from).into_iter();
                let named = CHROMIUM.iter().find_map(|name| in_path(name));
                named.or_else(|| on_macos.into_iter().find(|path| path.exists()))
            }
        }
    }

    /// What a person can do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Node | Self::Npm => {
                "install Node.js 18 or newer with npm (Debian: apt-get install nodejs npm; macOS: brew install node)"
            }
            Self::Chromium => {
                "install Chromium or Chrome (Debian: apt-get install chromium; macOS: brew install --cask google-chrome)"
            }
        }
    }

    fn package(self) -> &'static str {
        match self {
            Self::Node => "nodejs",
            Self::Npm => "npm",
            Self::Chromium => "chromium",
        }
    }
}

/// All that is needed, and where it is.
#[derive(Debug, Clone)]
pub struct Tools {
    /// Node.js.
    pub node: PathBuf,
    /// Chromium, or what passes for it.
    pub chromium: PathBuf,
    /// The folder with `node_modules`.
    pub packages: PathBuf,
}

impl Tools {
    /// What is there, when all of it is.
    pub fn find() -> Option<Self> {
        let (node, chromium) = (Part::Node.installed()?, Part::Chromium.installed()?);
        let packages = packages();
        is_current(&packages).then_some(Self { node, chromium, packages })
    }

    /// What is there, after installing what was not.
    pub fn ensure() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        let missing: Vec<Part> =
            Part::ALL.into_iter().filter(|part| part.installed().is_none()).collect();
        if let (Some(part), false) = (missing.first(), can_use_apt()) {
            bail!("{} is missing, for the browser tests: {}", part.name(), part.advice());
        }
        if !missing.is_empty() {
            apt(&missing.iter().map(|part| part.package()).collect::<Vec<_>>())?;
        }
        if !is_current(&packages()) {
            fetch(&packages())?;
        }
        Self::find().context("Node.js or Chromium was installed, but is of no use")
    }
}

/// Where the journeys and the list of their packages are.
pub fn journeys() -> PathBuf {
    workspace::root().join("tests/browser")
}

fn packages() -> PathBuf {
    cache().join("browser-tests")
}

/// Whether the packages of just this list were fetched: npm leaves a copy of the list beside them.
fn is_current(packages: &Path) -> bool {
    let list = |folder: &Path| fs::read(folder.join("package-lock.json")).ok();
    list(&journeys()).is_some_and(|wanted| list(packages).is_some_and(|found| found == wanted))
}

fn fetch(packages: &Path) -> Result<()> {
    let draft = packages.with_extension("new");
    let _ = fs::remove_dir_all(&draft);
    fs::create_dir_all(&draft)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(journeys().join(name), draft.join(name))?;
    }
    console::progress("browser", "npm ci: playwright-core and axe-core (5 MB)");
    let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-timeout=60000"];
    let fetched = output_of(Command::new("npm").args(npm).current_dir(&draft), None);
    fetched.context("the npm packages of tests/browser cannot be had")?;
    let _ = fs::remove_dir_all(packages);
    fs::rename(&draft, packages).context("could not put the npm packages into the cache")
}

fn is_new_enough(node: &Path) -> bool {
    let version = output_of(Command::new(node).arg("--version"), None).unwrap_or_default();
    let major = version.trim().trim_start_matches('v').split('.').next().unwrap_or_default();
    major.parse::<u32>().is_ok_and(|major| major >= NODE)
}
