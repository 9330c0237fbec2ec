//! What drives a browser: Node.js, Chromium, and the npm packages that a folder's scripts name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};

use crate::process::output_of;
use crate::servers::install::{apt, cache, can_use_apt};
use crate::{console, in_path, workspace};

/// The oldest Node.js that runs our scripts: Debian 12's.
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
    /// Runs the scripts.
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
    /// What is there for the scripts of a folder, when all of it is.
    pub fn find(scripts: &Path) -> Option<Self> {
        let (node, chromium) = (Part::Node.installed()?, Part::Chromium.installed()?);
        let packages = packages(scripts);
        is_current(&packages, scripts).then_some(Self { node, chromium, packages })
    }

    /// What is there, after installing what was not.
    pub fn ensure(scripts: &Path) -> Result<Self> {
        if let Some(found) = Self::find(scripts) {
            return Ok(found);
        }
        let missing: Vec<Part> =
            Part::ALL.into_iter().filter(|part| part.installed().is_none()).collect();
        if let (Some(part), false) = (missing.first(), can_use_apt()) {
            bail!("{} is missing, to drive a browser: {}", part.name(), part.advice());
        }
        if !missing.is_empty() {
            apt(&missing.iter().map(|part| part.package()).collect::<Vec<_>>())?;
        }
        if !is_current(&packages(scripts), scripts) {
            fetch(&packages(scripts), scripts)?;
        }
        Self::find(scripts).context("Node.js or Chromium was installed, but is of no use")
    }
}

/// The folder with `node_modules` of the npm packages that a folder of ours lists, fetched if they were not.
///
/// # Errors
/// When Node.js is missing, or the packages cannot be fetched.
pub fn node_packages(list: &Path) -> Result<PathBuf> {
    let missing: Vec<Part> =
        [Part::Node, Part::Npm].into_iter().filter(|part| part.installed().is_none()).collect();
    match missing.first() {
        None => {}
        Some(_) if can_use_apt() => {
            apt(&missing.iter().map(|part| part.package()).collect::<Vec<_>>())?;
        }
        Some(part) => bail!("{} is missing: {}", part.name(), part.advice()),
    }
    let packages = packages(list);
    // Tests of one process ask at the same time.
    static FETCHING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = FETCHING.lock().unwrap_or_else(PoisonError::into_inner);
    if !is_current(&packages, list) {
        fetch(&packages, list)?;
    }
    Ok(packages)
}

/// That folder, when the packages were fetched already.
#[must_use]
pub fn fetched(list: &Path) -> Option<PathBuf> {
    let packages = packages(list);
    is_current(&packages, list).then_some(packages)
}

/// The scripts that play journeys through the storefront.
pub fn journeys() -> PathBuf {
    workspace::root().join("tests/browser")
}

/// A folder of the cache, named after that of the scripts: `npm-tests-browser`.
fn packages(scripts: &Path) -> PathBuf {
    let within = scripts.strip_prefix(workspace::root()).unwrap_or(scripts);
    cache().join(format!("npm-{}", within.to_string_lossy().replace('/', "-")))
}

/// Whether the packages of just this list were fetched: a copy of the list is kept beside them.
fn is_current(packages: &Path, scripts: &Path) -> bool {
    let list = |folder: &Path| fs::read(folder.join("package-lock.json")).ok();
    list(scripts).is_some_and(|wanted| list(packages).is_some_and(|found| found == wanted))
}

fn fetch(packages: &Path, scripts: &Path) -> Result<()> {
    let draft = packages.with_extension("new");
    let _ = fs::remove_dir_all(&draft);
    fs::create_dir_all(&draft)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(scripts.join(name), draft.join(name))?;
    }
    if scripts.join(".npmrc").exists() {
        fs::copy(scripts.join(".npmrc"), draft.join(".npmrc"))?;
    }
    console::progress("npm", format!("fetching what {} needs", scripts.display()));
    let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-timeout=60000"];
    let fetched = output_of(Command::new("npm").args(npm).current_dir(&draft), None);
    fetched.with_context(|| format!("npm cannot fetch what {} needs", scripts.display()))?;
    let _ = fs::remove_dir_all(packages);
    fs::rename(&draft, packages).context("could not put the npm packages into the cache")
}

fn is_new_enough(node: &Path) -> bool {
    let version = output_of(Command::new(node).arg("--version"), None).unwrap_or_default();
    let major = version.trim().trim_start_matches('v').split('.').next().unwrap_or_default();
    major.parse::<u32>().is_ok_and(|major| major >= NODE)
}
