//! The storefront's bundles: compiled for wasm, packed for browsers, in `target/ui`.
//!
//! The frontend is a workspace of its own (`docs/adr/0011`), built by the packager there.

mod seen;
pub mod toolchain;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Instant, SystemTime};

use anyhow::{Context as _, Result, bail};

use crate::console;
use crate::process::output_of;
use crate::{stop, workspace};
use seen::Seen;
use toolchain::{TARGET, Toolchain};

/// The storefront's workspace.
pub fn root() -> PathBuf {
    workspace::root().join("frontend")
}

/// What a server of pages is told to serve; the manifest in it is written last.
pub fn folder() -> PathBuf {
    target().join("ui")
}

/// Names of all packages of the storefront's workspace.
pub fn packages() -> Result<Vec<String>> {
    Ok(manifests()?.into_iter().map(|(name, _)| name).collect())
}

/// Names of the packages that become bundles: those whose manifest says so.
pub fn bundles() -> Result<Vec<String>> {
    let is_bundle = |text: &String| text.contains("[package.metadata.bundle]");
    let bundles = manifests()?.into_iter().filter(|(_, text)| is_bundle(text));
    Ok(bundles.map(|(name, _)| name).collect())
}

/// Name and `Cargo.toml` of every package, by name. Read as text: a parser here would slow every verb.
fn manifests() -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root()).context("there is no frontend")? {
        let text = fs::read_to_string(entry?.path().join("Cargo.toml")).unwrap_or_default();
        let name = text.lines().find_map(|line| line.strip_prefix("name = "));
        if let Some(name) = name.map(|name| name.trim_matches('"').to_owned()) {
            found.push((name, text));
        }
    }
    found.sort();
    Ok(found)
}

/// Compiles and packs these bundles, or all when none is named; quick when nothing changed. Fails
/// when one is larger than it may be.
pub fn build(only: &[String]) -> Result<()> {
    make(only, true)
}

fn make(only: &[String], holds_budgets: bool) -> Result<()> {
    let all = bundles()?;
    if let Some(stranger) = only.iter().find(|name| !all.contains(name)) {
        bail!("there is no bundle {stranger}: {}", all.join(", "));
    }
    let wanted = if only.is_empty() { &all } else { only };
    let began = Instant::now();
    let at = SystemTime::now();
    seen().forget();
    let toolchain = Toolchain::ensure()?;
    console::progress("ui", format!("compiling {} with {toolchain}", wanted.join(", ")));
    let mut command = toolchain.cargo("build");
    command.args(["--release", "--quiet"]);
    command.args(wanted.iter().flat_map(|name| ["--package", name]));
    command.current_dir(root()).env("CARGO_TARGET_DIR", target().join("wasm"));
    if !workspace::run(&mut command)?.success() {
        bail!("the bundles do not compile");
    }
    let linked = target().join("wasm").join(TARGET).join("release");
    let mut arguments: Vec<OsString> = vec![root().into(), linked.into(), folder().into()];
    // A standard library as it was delivered is a quarter of a bundle that nobody here can help.
    if holds_budgets && toolchain.has_source() {
        arguments.push("--hold-budgets".into());
    }
    arguments.extend(only.iter().map(OsString::from));
    if !workspace::run(Command::new(packager()?).args(arguments))?.success() {
        bail!("the bundles could not be packed, or are too large");
    }
    if only.is_empty() {
        seen().note(at)?;
    }
    console::progress("ui", format!("ready after {}", console::spoken(began.elapsed())));
    Ok(())
}

/// Builds all for a shop that is about to open. Where that fails it opens with what is there.
pub fn build_if_possible() -> Result<()> {
    // What builds them may have changed, too.
    let program = std::env::current_exe().unwrap_or_default();
    let toolchain = workspace::root().join("rust-toolchain.toml");
    if seen().all_of(&[&root(), &program, &toolchain]) && folder().join("manifest.json").exists() {
        return Ok(());
    }
    match make(&[], false) {
        Err(error) if !error.is::<stop::Interrupted>() => {
            console::progress("ui", format!("{error:#}"));
            console::progress("ui", opens_with(folder().join("manifest.json").exists()));
            Ok(())
        }
        built => built,
    }
}

/// What a shop shows whose storefront cannot be built now.
fn opens_with(is_built: bool) -> &'static str {
    if is_built {
        "the shop opens with the storefront as it was built before"
    } else {
        "the shop opens without its storefront, on a plain page"
    }
}

/// A cargo command in the storefront's workspace, for this machine.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = workspace::cargo(arguments.iter().copied());
    command.current_dir(root()).env("CARGO_TARGET_DIR", target().join("frontend"));
    command
}

/// Builds the packager, which most days means to find it built.
fn packager() -> Result<PathBuf> {
    let program = target().join("frontend/debug/packager");
    if !program.exists() {
        console::progress("ui", "compiling the packager; this once it takes about a minute");
    }
    if !workspace::run(&mut cargo(&["build", "--quiet", "--package", "packager"]))?.success() {
        bail!("the packager does not compile");
    }
    Ok(program)
}

/// Beside the bundles: who deletes them deletes it, too.
fn seen() -> Seen {
    Seen::at(folder().join("seen"))
}

fn target() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    workspace::root().join(named.unwrap_or_else(|| "target".into()))
}

/// The version that a program tells of itself.
fn version(command: &mut Command) -> Result<String> {
    let text = output_of(command, None)?;
    let version = text.split_ascii_whitespace().nth(1).context("it tells no version")?;
    Ok(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::opens_with;

    #[test]
    fn a_storefront_of_an_earlier_build_is_not_called_none() {
        assert!(opens_with(true).contains("built before"));
        assert!(opens_with(false).contains("without"));
    }
}
