//! `cargo shop cluster-secrets`: passwords for a cluster of one's own.

use std::process::ExitCode;

use anyhow::Result;
use xtask::{cluster_secrets, console};

pub(crate) fn run() -> Result<ExitCode> {
    let folder = cluster_secrets::folder();
    let written = cluster_secrets::write_missing(&folder)?;
    let said =
        if written.is_empty() { "nothing was missing".to_owned() } else { written.join(", ") };
    console::progress("secrets", format!("{}: {said}", folder.display()));
    Ok(ExitCode::SUCCESS)
}
