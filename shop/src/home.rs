//! The folder a demo keeps everything in.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// Says that a folder is ours, so that `--fresh` never deletes anybody's files.
const MARKER: &str = "saga-shop.lock";

/// A demo's folder, held by one process at a time.
#[derive(Debug)]
pub struct Home {
    folder: PathBuf,
    is_new: bool,
    // Locked for as long as it is open; the system unlocks it however the process ends.
    _lock: File,
}

impl Home {
    /// Opens the folder or makes it; with `fresh`, what a demo kept in it is deleted first.
    ///
    /// # Errors
    /// When another demo holds it, or it is not a demo's.
    pub fn open(folder: &Path, fresh: bool) -> anyhow::Result<Self> {
        let marker = folder.join(MARKER);
        if folder.exists() && !marker.exists() && folder.read_dir()?.next().is_some() {
            bail!("{} holds other files; name an empty folder with --data", folder.display());
        }
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let lock = File::options().create(true).append(true).open(&marker)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "another demo uses {}; stop it, or name another folder with --data",
                folder.display()
            ),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        if fresh {
            clear(folder)?;
        }
        let is_new = folder.read_dir()?.count() == 1;
        Ok(Self { folder: folder.canonicalize()?, is_new, _lock: lock })
    }

    /// Whether nothing was kept here before.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file or folder in it.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The URL of a SQLite store in it.
    #[must_use]
    pub fn sqlite(&self, name: &str) -> String {
        format!("sqlite://{}?mode=rwc", self.path(&format!("{name}.db")).display())
    }
}

fn clear(folder: &Path) -> anyhow::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        if entry.file_name() == MARKER {
            continue;
        }
        let path = entry.path();
        let removed = if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        removed.with_context(|| format!("cannot delete {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_other_files_is_never_touched() {
        let folder = tempfile::tempdir().unwrap();
        let letter = folder.path().join("letter.txt");
        std::fs::write(&letter, "dear").unwrap();

        let refused = Home::open(folder.path(), true);

        assert!(refused.unwrap_err().to_string().contains("holds other files"));
        assert!(letter.exists());
    }

    #[test]
    fn two_demos_cannot_share_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let _first = Home::open(folder.path(), false).unwrap();

        let second = Home::open(folder.path(), false);

        assert!(second.unwrap_err().to_string().contains("another demo uses"));
    }

    #[test]
    fn fresh_deletes_what_a_demo_kept_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path(), false).unwrap();
        assert!(home.is_new());
        std::fs::write(home.path("order.db"), "orders").unwrap();
        drop(home);

        let again = Home::open(folder.path(), false).unwrap();
        assert!(!again.is_new());
        drop(again);

        let fresh = Home::open(folder.path(), true).unwrap();
        assert!(fresh.is_new());
        assert!(!fresh.path("order.db").exists());
    }
}
