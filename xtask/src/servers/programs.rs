//! Server programs installed on this machine.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::install;

/// What is installed; `None` for what is not.
#[derive(Debug, Clone, Default)]
pub struct Programs {
    /// PostgreSQL's server programs.
    pub postgres: Option<PostgresPrograms>,
    /// RabbitMQ with its Erlang.
    pub rabbitmq: Option<RabbitMqPrograms>,
    /// `mongod`.
    pub mongod: Option<PathBuf>,
}

/// PostgreSQL's programs, all of one version.
#[derive(Debug, Clone)]
pub struct PostgresPrograms {
    /// Creates the data folder.
    pub initdb: PathBuf,
    /// The server.
    pub postgres: PathBuf,
    /// The command line client.
    pub psql: PathBuf,
}

/// RabbitMQ's programs.
#[derive(Debug, Clone)]
pub struct RabbitMqPrograms {
    /// The start script itself, not a distribution's wrapper that changes the user.
    pub server: PathBuf,
    /// Erlang's port mapper, which a node needs to start.
    pub epmd: PathBuf,
}

impl Programs {
    /// Looks in PATH and where Debian, Homebrew and this project's cache keep servers.
    pub fn find() -> Self {
        Self { postgres: postgres(), rabbitmq: rabbitmq(), mongod: mongod() }
    }
}

fn postgres() -> Option<PostgresPrograms> {
    let mut folders = path();
    // Debian keeps server programs out of PATH, by version; the newest first.
    folders.extend(numbered("/usr/lib/postgresql", "", "bin"));
    for brew in ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"] {
        folders.extend(numbered(brew, "postgresql@", "bin"));
    }
    let folder = folders.into_iter().find(|folder| {
        ["initdb", "postgres", "psql"].iter().all(|name| is_program(&folder.join(name)))
    })?;
    Some(PostgresPrograms {
        initdb: folder.join("initdb"),
        postgres: folder.join("postgres"),
        psql: folder.join("psql"),
    })
}

fn rabbitmq() -> Option<RabbitMqPrograms> {
    // Debian's /usr/sbin/rabbitmq-server switches to the user rabbitmq: take what it wraps.
    let mut folders = vec![PathBuf::from("/usr/lib/rabbitmq/bin")];
    for brew in ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"] {
        folders.push(Path::new(brew).join("rabbitmq/sbin"));
    }
    folders.extend(path());
    let mut erlang = path();
    erlang.extend(numbered("/usr/lib/erlang", "erts-", "bin"));
    erlang.extend(numbered("/opt/homebrew/opt/erlang/lib/erlang", "erts-", "bin"));
    Some(RabbitMqPrograms {
        server: first_with(&folders, "rabbitmq-server")?,
        epmd: first_with(&erlang, "epmd")?,
    })
}

fn mongod() -> Option<PathBuf> {
    let mut folders = path();
    folders.push(install::cache().join("mongodb"));
    for brew in ["/opt/homebrew/opt", "/usr/local/opt"] {
        folders.extend(numbered(brew, "mongodb-community@", "bin"));
    }
    first_with(&folders, "mongod")
}

/// A program of this name in PATH.
pub fn in_path(name: &str) -> Option<PathBuf> {
    first_with(&path(), name)
}

/// `psql`, also where no PostgreSQL server is installed.
pub(super) fn psql() -> Option<PathBuf> {
    in_path("psql").or_else(|| postgres().map(|programs| programs.psql))
}

fn path() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

fn first_with(folders: &[PathBuf], name: &str) -> Option<PathBuf> {
    folders.iter().map(|folder| folder.join(name)).find(|program| is_program(program))
}

/// `{parent}/{prefix}{version}/{child}` for all versions there are, the newest first.
fn numbered(parent: &str, prefix: &str, child: &str) -> Vec<PathBuf> {
    let Ok(folder) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut found: Vec<(Vec<u32>, PathBuf)> = folder
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name().and_then(OsStr::to_str)?.strip_prefix(prefix)?;
            let numbers = version.split('.').map(|part| part.parse().ok());
            Some((numbers.collect::<Option<Vec<u32>>>()?, path.join(child)))
        })
        .collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, path)| path).collect()
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::numbered;
    use std::fs;

    #[test]
    fn the_newest_version_comes_first() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["erts-9.3", "erts-13.1.5", "erts-13.1", "other-99", "erts-x"] {
            fs::create_dir(dir.path().join(name)).unwrap();
        }

        let found = numbered(dir.path().to_str().unwrap(), "erts-", "bin");

        let expected = ["erts-13.1.5", "erts-13.1", "erts-9.3"];
        assert_eq!(found, expected.map(|name| dir.path().join(name).join("bin")));
    }
}
