//! The files that the gateway reads.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::Key;

/// As many as `haproxy.cfg` names.
const SLOTS: usize = 4;
/// Which key id is in which slot.
const MAP: &str = "kids.map";

/// The folder of keys.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at this path.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Tells whether the gateway finds all it needs.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        (1..=SLOTS).map(slot).chain([MAP.to_owned()]).all(|name| self.0.join(name).is_file())
    }

    /// Writes the keys, newest first; tells whether anything has changed.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, keys: &[Key]) -> Result<bool> {
        fs::create_dir_all(&self.0).with_context(|| format!("cannot make {}", self.0.display()))?;
        let newest = keys.first().context("there is no key to write")?;
        let mut map = String::new();
        let mut changed = false;
        for number in 1..=SLOTS {
            // HAProxy wants every file that its settings name.
            let key = keys.get(number - 1).unwrap_or(newest);
            changed |= replace(&self.0.join(slot(number)), &key.pem)?;
        }
        for (key, number) in keys.iter().zip(1..=SLOTS) {
            map.push_str(&format!("{} {number}\n", key.kid));
        }
        changed |= replace(&self.0.join(MAP), &map)?;
        Ok(changed)
    }
}

fn slot(number: usize) -> String {
    format!("{number}.pem")
}

/// By a new file under the old name: whoever reads meanwhile sees one or the other.
fn replace(path: &Path, text: &str) -> Result<bool> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(false);
    }
    let draft = path.with_extension("new");
    fs::write(&draft, text)
        .and_then(|()| fs::rename(&draft, path))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key { kid: name.to_owned(), pem: format!("the key {name}") }
    }

    #[test]
    fn every_slot_is_filled_and_the_map_names_each_key_once() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().join("run"));
        let read = |name: &str| fs::read_to_string(dir.path().join("run").join(name)).unwrap();
        assert!(!folder.is_complete());

        assert!(folder.write(&[key("b"), key("a")]).unwrap());

        assert!(folder.is_complete());
        let slots = ["1.pem", "2.pem", "3.pem", "4.pem"].map(read);
        assert_eq!(slots, ["the key b", "the key a", "the key b", "the key b"]);
        assert_eq!(read(MAP), "b 1\na 2\n");
    }

    #[test]
    fn the_same_keys_change_nothing_and_the_oldest_of_many_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().to_owned());
        let many = ["e", "d", "c", "b", "a"].map(key);
        folder.write(&many).unwrap();

        assert!(!folder.write(&many).unwrap());
        assert!(folder.write(&many[1..]).unwrap());
        assert_eq!(fs::read_to_string(dir.path().join(MAP)).unwrap(), "d 1\nc 2\nb 3\na 4\n");
    }
}
