//! What was made before, by the hash of what it was made of.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// Part of every key: raise it when the same input is to become something else.
const RECIPE: &str = "3";

/// A folder of results. What a run did not ask for is swept away at its end.
#[derive(Debug)]
pub(crate) struct Kept {
    folder: PathBuf,
    asked_for: RefCell<BTreeSet<String>>,
}

impl Kept {
    pub(crate) fn open(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { folder, asked_for: RefCell::default() })
    }

    /// The result of `make` on `input`, made only if it is not there; `step` tells the makers apart.
    pub(crate) fn or_make(
        &self,
        step: &str,
        input: &[u8],
        make: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<Vec<u8>> {
        if let Some(made) = self.find(step, input) {
            return Ok(made);
        }
        let made = make()?;
        self.put(step, input, &made)?;
        Ok(made)
    }

    /// What an earlier run, or this one, made of `input`.
    pub(crate) fn find(&self, step: &str, input: &[u8]) -> Option<Vec<u8>> {
        fs::read(self.path(step, input)).ok()
    }

    /// Keeps what was made of `input`.
    pub(crate) fn put(&self, step: &str, input: &[u8], made: &[u8]) -> Result<()> {
        let path = self.path(step, input);
        // By a rename, so that an interrupted run leaves no half of a file to be believed.
        let draft = path.with_extension("new");
        fs::write(&draft, made)?;
        fs::rename(draft, path).context("cannot keep a result")
    }

    fn path(&self, step: &str, input: &[u8]) -> PathBuf {
        let name = format!("{}.{step}-{RECIPE}", hash(input));
        let path = self.folder.join(&name);
        self.asked_for.borrow_mut().insert(name);
        path
    }

    /// Deletes what this run had no use for.
    pub(crate) fn sweep(&self) -> Result<()> {
        let asked_for = self.asked_for.borrow();
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            if !asked_for.contains(file.file_name().to_string_lossy().as_ref()) {
                fs::remove_file(file.path())?;
            }
        }
        Ok(())
    }
}

/// As hexadecimal digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn what_was_made_once_is_not_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::open(folder.path().into()).unwrap();

        let first = kept.or_make("up", b"a", || Ok(b"A".to_vec())).unwrap();
        let again = kept.or_make("up", b"a", || panic!("made again")).unwrap();
        let other = kept.or_make("up", b"b", || Ok(b"B".to_vec())).unwrap();

        assert_eq!(
            (first.as_slice(), again.as_slice(), other.as_slice()),
            (&b"A"[..], &b"A"[..], &b"B"[..])
        );
    }

    #[test]
    fn what_a_run_did_not_ask_for_is_gone_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Kept::open(folder.path().into()).unwrap();
        first.or_make("up", b"a", || Ok(Vec::new())).unwrap();

        let second = Kept::open(folder.path().into()).unwrap();
        second.or_make("up", b"b", || Ok(Vec::new())).unwrap();
        second.sweep().unwrap();

        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }
}
