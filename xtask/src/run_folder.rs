//! A folder with everything one group of processes leaves behind, used by one owner at a time.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::process::leftover;
use crate::{ports, secret};

/// A locked data folder.
///
/// The lock ends with this value and with the process, even one that is killed.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    _lock: File,
}

impl RunFolder {
    /// Creates the folder if need be, locks it, and ends what an earlier owner left running.
    ///
    /// # Errors
    /// When another process holds the folder.
    pub fn open(path: &Path) -> Result<Self> {
        let in_context = || format!("could not open the data folder {}", path.display());
        // Others may pass through (a server of another user lives below), but not look around.
        DirBuilder::new().recursive(true).mode(0o711).create(path).with_context(in_context)?;
        let path = path.canonicalize().with_context(in_context)?;
        let lock = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path.join("lock"))
            .with_context(in_context)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "{} is in use: stop the `cargo shop` that runs on it, or choose another folder with --data",
                path.display(),
            ),
            Err(TryLockError::Error(error)) => return Err(error).with_context(in_context),
        }
        leftover::end_all(&path)?;
        Ok(Self { path, _lock: lock })
    }

    /// Where it is, as an absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The port of an earlier run while it is still free, else a new one to remember.
    pub fn port(&self, name: &str) -> Result<u16> {
        let known = self.recall(&format!("{name}.port"))?.and_then(|port| port.parse().ok());
        match known {
            Some(port) if ports::is_free(port) => Ok(port),
            _ => self.new_port(name),
        }
    }

    /// A port other than the one of an earlier run.
    pub fn new_port(&self, name: &str) -> Result<u16> {
        let port = ports::free()?;
        secret::write(&self.file(&format!("{name}.port")), &port.to_string())?;
        Ok(port)
    }

    /// A random password, the same one in every run.
    pub fn password(&self, name: &str) -> Result<String> {
        let file = format!("{name}.password");
        if let Some(password) = self.recall(&file)? {
            return Ok(password);
        }
        let password = secret::random_password()?;
        secret::write(&self.file(&file), &password)?;
        Ok(password)
    }

    fn recall(&self, file: &str) -> Result<Option<String>> {
        match fs::read_to_string(self.file(file)) {
            Ok(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(error).with_context(|| format!("could not read {}", self.file(file).display()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RunFolder;

    #[test]
    fn a_folder_has_one_owner_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let first = RunFolder::open(dir.path()).unwrap();

        let second = RunFolder::open(dir.path()).unwrap_err();
        drop(first);

        assert!(second.to_string().contains("is in use"), "{second:#}");
        assert!(RunFolder::open(dir.path()).is_ok());
    }

    #[test]
    fn ports_and_passwords_are_remembered() {
        let dir = tempfile::tempdir().unwrap();
        let folder = RunFolder::open(dir.path()).unwrap();

        let (port, password) = (folder.port("amqp").unwrap(), folder.password("admin").unwrap());

        assert_eq!(folder.port("amqp").unwrap(), port);
        assert_eq!(folder.password("admin").unwrap(), password);
        assert_ne!(folder.password("other").unwrap(), password);
    }
}
