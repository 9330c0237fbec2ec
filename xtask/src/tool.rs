//! Programs that check or run what is in `infra/`, installed where they are missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::output_of;
use crate::servers::install::{apt, cache, can_use_apt};
use crate::{console, in_path, workspace};

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
}

/// The gateway.
pub const HAPROXY: Tool = Tool { program: "haproxy", source: Source::Debian("haproxy") };
/// Judges Prometheus' rules.
pub const PROMTOOL: Tool = Tool { program: "promtool", source: Source::Debian("prometheus") };
/// Python with the packages that judge manifests.
pub const PYTHON: Tool =
    Tool { program: "python", source: Source::Python("infra/checks/tools/manifests") };

impl Tool {
    /// All of them.
    pub const ALL: [Self; 3] = [HAPROXY, PROMTOOL, PYTHON];

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
        }
    }

    /// Where it is, after installing it if it was missing.
    ///
    /// # Errors
    /// When it cannot be installed here; the message says what a person can do.
    pub fn ensure(self) -> Result<PathBuf> {
        if let Some(found) = self.find() {
            return Ok(found);
        }
        match self.source {
            Source::Debian(package) if can_use_apt() => apt(&[package])?,
            Source::Debian(package) => {
                bail!("{} is missing: install it (Debian: apt-get install {package})", self.program)
            }
            Source::Python(folder) => make_environment(folder)?,
        }
        self.find().with_context(|| format!("{} was installed, but is not there", self.program))
    }
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
