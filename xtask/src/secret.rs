//! Random passwords, and files that keep them from other people on the machine.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};

/// A password of 128 random bits that needs no quoting anywhere.
pub fn random_password() -> Result<String> {
    let bytes: [u8; 16] = random()?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

pub(crate) fn random_u16() -> Result<u16> {
    random().map(u16::from_ne_bytes)
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("could not read /dev/urandom")?;
    Ok(bytes)
}

/// Writes a file that only its owner may read, all of it or nothing.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let draft = path.with_extension("new");
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&draft, path))
        .with_context(|| format!("could not write {}", path.display()))
}
