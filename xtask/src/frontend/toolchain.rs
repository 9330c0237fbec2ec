//! A compiler for wasm: the one this workspace pins, or Debian's where rustup's server is out of reach.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::console;
use crate::in_path;
use crate::process::output_of;
use crate::servers::install::{apt, can_use_apt};
use crate::{wait, workspace};

/// What bundles are compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// rustup's name for the compiler that Debian's packages put into /usr.
const LINKED: &str = "web";
/// Debian 12 has a second, current Rust for building browsers.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
/// A server out of reach may not answer at all, not even "no".
const DOWNLOAD_BOUND: Duration = Duration::from_secs(90);

/// Removes the machinery of panics and half of what formats their messages, from the standard
/// library too: a quarter of a bundle. The last word of two on `-Cpanic` counts.
const FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort";

/// A compiler that can make bundles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    is_linked: bool,
    version: String,
    /// Whether the standard library's source is there, to be compiled along for size.
    has_source: bool,
    linker: Option<PathBuf>,
}

impl Toolchain {
    /// The one that is there.
    pub fn find() -> Option<Self> {
        Self::pinned().or_else(Self::linked)
    }

    /// The one that is there, or one that is installed now.
    pub fn ensure() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        if let Some(added) = add_target() {
            return Ok(added);
        }
        install_packages()?;
        match Self::linked() {
            Some(linked) => Ok(linked),
            None => bail!("Debian's {} is installed, but of no use", PACKAGES.join(", ")),
        }
    }

    /// Whether it compiles the standard library along.
    pub fn has_source(&self) -> bool {
        self.has_source
    }

    /// cargo of this toolchain, with what it needs to compile for wasm.
    pub fn cargo(&self, verb: &str) -> Command {
        let mut command = if self.is_linked {
            let mut command = Command::new("rustup");
            command.args(["run", LINKED, "cargo"]);
            // Those of the compiler that runs us.
            for name in ["CARGO", "RUSTC", "RUSTDOC", "LD_LIBRARY_PATH", "RUSTUP_TOOLCHAIN"] {
                command.env_remove(name);
            }
            command
        } else {
            workspace::cargo::<&str>([])
        };
        command.args([verb, "--target", TARGET]);
        if self.has_source {
            // Link-time optimisation across the standard library, without what bundles never use;
            // both are unstable, and asked of a compiler that is pinned.
            command.arg("-Zbuild-std=std,panic_abort");
            command.arg("-Zbuild-std-features=optimize_for_size");
            command.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", FLAGS);
        }
        if let Some(linker) = &self.linker {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command
    }

    /// The compiler of rust-toolchain.toml, with the target or the source to make it from.
    fn pinned() -> Option<Self> {
        let sysroot =
            output_of(rustc().args(["--print", "sysroot"]), None).ok().map(PathBuf::from)?;
        let rustlib = PathBuf::from(sysroot.to_string_lossy().trim()).join("lib/rustlib");
        let has_source = has_source(&rustlib);
        let usable = has_source || has_standard_library(&rustlib);
        let version = super::version(rustc().arg("--version")).ok()?;
        usable.then_some(Self { is_linked: false, version, has_source, linker: None })
    }

    /// Debian's, made known to rustup.
    fn linked() -> Option<Self> {
        let rustc = Path::new("/usr/bin/rustc");
        let linker = wasm_linker()?;
        if !rustc.exists() || !has_source(Path::new("/usr/lib/rustlib")) {
            return None;
        }
        let version = super::version(Command::new(rustc).arg("--version")).ok()?;
        let link = ["toolchain", "link", LINKED, "/usr"];
        output_of(Command::new("rustup").args(link), None).ok()?;
        Some(Self { is_linked: true, version, has_source: true, linker: Some(linker) })
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = if self.is_linked { "Debian's " } else { "" };
        let library = if self.has_source { "" } else { ", standard library as delivered" };
        write!(f, "{origin}Rust {}{library}", self.version)
    }
}

/// Asks rustup for the target, and for the source that makes bundles smaller.
fn add_target() -> Option<Toolchain> {
    in_path("rustup")?;
    console::progress("ui", format!("rustup target add {TARGET}"));
    if let Err(error) = rustup(&["target", "add", TARGET]) {
        console::progress("ui", format!("rustup cannot: {error:#}"));
        return None;
    }
    if let Err(error) = rustup(&["component", "add", "rust-src"]) {
        console::progress("ui", format!("without rust-src bundles are larger: {error:#}"));
    }
    Toolchain::pinned()
}

fn install_packages() -> Result<()> {
    let names = PACKAGES.join(" ");
    if !can_use_apt() || in_path("rustup").is_none() {
        bail!(
            "no compiler for {TARGET}: run `rustup target add {TARGET}`, or on Debian 12 as root \
             `apt-get install {names}`"
        );
    }
    console::progress("ui", format!("installing Debian's Rust for wasm: {names} (300 MB)"));
    apt(&PACKAGES)
}

/// rustup on the pinned toolchain, which it takes from the folder; with an end.
fn rustup(arguments: &[&str]) -> Result<()> {
    let mut child = Command::new("rustup")
        .args(arguments)
        .current_dir(workspace::root())
        .env("RUSTUP_MAX_RETRIES", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let ended = wait::until(DOWNLOAD_BOUND, || Ok(child.try_wait()?));
    if !matches!(ended, Ok(Some(_))) {
        child.kill()?;
        child.wait()?;
    }
    match ended? {
        Some(status) if status.success() => Ok(()),
        Some(status) => bail!("{status}"),
        None => bail!("no answer within {}", console::spoken(DOWNLOAD_BOUND)),
    }
}

fn rustc() -> Command {
    let mut command = Command::new("rustc");
    command.current_dir(workspace::root());
    command
}

fn has_source(rustlib: &Path) -> bool {
    rustlib.join("src/rust/library/std/Cargo.toml").exists()
}

fn has_standard_library(rustlib: &Path) -> bool {
    let files = fs::read_dir(rustlib.join(TARGET).join("lib"));
    files.into_iter().flatten().flatten().any(|file| {
        let name = file.file_name();
        name.to_string_lossy().starts_with("libstd-")
    })
}

/// lld under the name that says it links wasm: `wasm-ld-22`, the newest of them.
fn wasm_linker() -> Option<PathBuf> {
    let version = |path: &PathBuf| {
        let name = path.file_name()?.to_str()?;
        name.strip_prefix("wasm-ld-")?.parse::<u32>().ok()
    };
    let programs = fs::read_dir("/usr/bin").ok()?.flatten().map(|entry| entry.path());
    programs.filter(|path| version(path).is_some()).max_by_key(version)
}
