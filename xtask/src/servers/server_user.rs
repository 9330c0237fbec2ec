//! The user a server runs as when we are root, and a place for its data that it can reach.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// Holds data of servers that run as another user, where the data folder is closed to it.
const OUTSIDE: &str = "/var/tmp/saga-shop";

/// Somebody other than root.
#[derive(Debug, Clone)]
pub(super) struct ServerUser {
    pub(super) name: String,
    uid: u32,
    gid: u32,
}

impl ServerUser {
    /// The first of these users that this machine has, when we are root; else `None`.
    pub(super) fn instead_of_root(names: &[&str]) -> Result<Option<Self>> {
        if !we_are_root() {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").context("could not read /etc/passwd")?;
        let user =
            names.iter().find_map(|name| users.lines().find_map(|line| Self::parse(line, name)));
        match user {
            Some(user) => Ok(Some(user)),
            None => {
                bail!("root cannot run this server, and there is no user {}", names.join(" or "))
            }
        }
    }

    fn parse(line: &str, name: &str) -> Option<Self> {
        let mut fields = line.split(':');
        let found = fields.next().filter(|found| *found == name)?;
        let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        Some(Self { name: found.to_owned(), uid, gid })
    }

    /// Hands a file or an empty folder over to the user.
    pub(super) fn give(&self, path: &Path) -> Result<()> {
        chown(path, Some(self.uid), Some(self.gid))
            .with_context(|| format!("could not give {} to {}", path.display(), self.name))
    }

    /// A folder of the user's own at `path`, or outside with a link at `path` where the way
    /// there is closed to it (everything below `/root`, for example).
    pub(super) fn own_folder(&self, path: &Path) -> Result<()> {
        let parent = path.parent().unwrap_or(path);
        if parent.ancestors().all(|folder| mode(folder) & 0o001 != 0) {
            fs::create_dir_all(path)?;
            return self.give(path);
        }
        create_outside()?;
        let outside = outside_of(path);
        let _ = fs::remove_dir_all(&outside);
        fs::create_dir(&outside)?;
        self.give(&outside)?;
        symlink(&outside, path).with_context(|| format!("could not write {}", path.display()))
    }
}

/// Whether this process may do everything.
pub(super) fn we_are_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Deletes what [`ServerUser::own_folder`] put elsewhere for this folder of a server.
pub(super) fn remove_outside_data(folder: &Path) -> Result<()> {
    match fs::read_link(folder.join("data")) {
        Ok(target) if target.starts_with(OUTSIDE) => match fs::remove_dir_all(&target) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("could not delete {}", target.display()))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn create_outside() -> Result<()> {
    let in_context = || format!("could not use {OUTSIDE}");
    fs::create_dir_all(OUTSIDE).with_context(in_context)?;
    // Anybody may create folders in /var/tmp: do not use one that is somebody else's.
    if fs::symlink_metadata(OUTSIDE).with_context(in_context)?.uid() != 0 {
        bail!("{OUTSIDE} does not belong to root");
    }
    fs::set_permissions(OUTSIDE, fs::Permissions::from_mode(0o711)).with_context(in_context)
}

fn outside_of(path: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    Path::new(OUTSIDE).join(format!("{:016x}", hasher.finish()))
}

fn mode(folder: &Path) -> u32 {
    fs::metadata(folder).map_or(0, |folder| folder.permissions().mode())
}

#[cfg(test)]
mod tests {
    use super::ServerUser;

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let line = "postgres:x:105:109:PostgreSQL,,,:/var/lib/postgresql:/bin/bash";

        let user = ServerUser::parse(line, "postgres").unwrap();

        assert_eq!((user.uid, user.gid), (105, 109));
        assert!(ServerUser::parse(line, "post").is_none());
    }
}
