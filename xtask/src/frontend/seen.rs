//! What the last whole build has seen: a shop that opens need not ask cargo whether that changed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, Result};

/// A file as old as the beginning of the last whole build that succeeded.
#[derive(Debug)]
pub(super) struct Seen(PathBuf);

impl Seen {
    pub(super) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Whether nothing below `sources` is younger. What was deleted leaves a younger folder.
    pub(super) fn all_of(&self, sources: &[&Path]) -> bool {
        modified(&self.0).is_some_and(|seen| sources.iter().all(|path| is_older(path, seen)))
    }

    /// A build begins: nothing counts as seen until one of everything has succeeded.
    pub(super) fn forget(&self) {
        let _ = fs::remove_file(&self.0);
    }

    /// A build of everything succeeded that began then.
    pub(super) fn note(&self, began: SystemTime) -> Result<()> {
        let noted = File::create(&self.0).and_then(|file| file.set_modified(began));
        noted.context("cannot note what the build has seen")
    }
}

fn is_older(path: &Path, seen: SystemTime) -> bool {
    // What a build writes, and what editors leave.
    let is_aside = path
        .file_name()
        .is_some_and(|name| name == "target" || name.as_encoded_bytes().starts_with(b"."));
    if is_aside {
        return true;
    }
    let below = || fs::read_dir(path).into_iter().flatten().flatten();
    modified(path).is_some_and(|it| it < seen) && below().all(|it| is_older(&it.path(), seen))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|found| found.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_build_has_seen_what_did_not_change_since_it_began() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        let file = source.join("src/lib.rs");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "").unwrap();
        let an_hour_ago = SystemTime::now() - Duration::from_secs(3_600);
        for path in [&source, &source.join("src"), &file] {
            File::open(path).unwrap().set_modified(an_hour_ago).unwrap();
        }
        let seen = Seen::at(folder.path().join("seen"));
        assert!(!seen.all_of(&[&source]), "nothing was built");

        seen.note(SystemTime::now()).unwrap();
        assert!(seen.all_of(&[&source]));

        fs::remove_file(&file).unwrap();
        assert!(!seen.all_of(&[&source]), "a file is gone");

        seen.note(SystemTime::now()).unwrap();
        seen.forget();
        assert!(!seen.all_of(&[&source]), "another build began");
    }
}
