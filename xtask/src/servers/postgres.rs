//! A private PostgreSQL.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::container::{Container, Engine};
use super::instance::{Instance, Recipe};
use super::programs::{PostgresPrograms, Programs};
use super::psql::Psql;
use super::server_user::ServerUser;
use super::{Keeping, install, server_user};
use crate::console;
use crate::process::{Launch, Signal, output_of};
use crate::run_folder::RunFolder;
use crate::secret;

const NAME: &str = "postgres";
const IMAGE: &str = "postgres:17";
const SUPERUSER: &str = "postgres";
/// The tests run many services at once, each with a pool of its own.
const SETTINGS: [&str; 2] = ["-c", "max_connections=300"];
/// Nothing waits for the disk; the kernel keeps what was written when only the server dies.
const FLEETING: [&str; 4] = ["-c", "fsync=off", "-c", "full_page_writes=off"];
const PROBE_PATIENCE: Duration = Duration::from_secs(2);

/// A PostgreSQL of our own, on a free loopback port; it stops when it is dropped.
///
/// What it has confirmed survives [`Postgres::kill9`], and where its data is to last, as PostgreSQL
/// ships it, a loss of power too.
#[derive(Debug)]
pub struct Postgres {
    instance: Instance,
    password: String,
    means: Arc<Means>,
}

#[derive(Debug)]
enum Means {
    Programs { programs: PostgresPrograms, user: Option<ServerUser> },
    Container(Container),
}

#[derive(Debug)]
struct PostgresRecipe {
    means: Arc<Means>,
    password: String,
    keeping: Keeping,
}

impl Postgres {
    /// Starts it in this folder, which is created on first use, and waits until it answers.
    pub fn start(folder: &Path, keeping: Keeping) -> Result<Self> {
        let folder = RunFolder::open(folder)?;
        let password = folder.password(SUPERUSER)?;
        let means = Arc::new(Means::find(&folder)?);
        if let Means::Programs { programs, user } = means.as_ref() {
            create_cluster(&folder, programs, user.as_ref(), &password)?;
        }
        let recipe = PostgresRecipe { means: means.clone(), password: password.clone(), keeping };
        let instance = Instance::start(folder, Box::new(recipe))?;
        Ok(Self { instance, password, means })
    }

    /// The superuser's address, with its password.
    pub fn url(&self) -> String {
        format!(
            "postgres://{SUPERUSER}:{}@127.0.0.1:{}/{SUPERUSER}",
            self.password,
            self.instance.port()
        )
    }

    /// Runs SQL as superuser in the database of that name.
    pub fn run_sql(&self, database: &str, script: &str) -> Result<()> {
        let psql = match self.means.as_ref() {
            Means::Programs { .. } => Psql::on_this_machine(&self.url())?,
            Means::Container(container) => Psql::Inside { container, password: &self.password },
        };
        psql.run(database, script)
    }

    /// `kill -9` for the postmaster and all its backends.
    pub fn kill9(&mut self) -> Result<()> {
        self.instance.kill9()
    }

    /// Starts it again on the same port and data, and waits until it answers.
    pub fn restart(&mut self) -> Result<()> {
        self.instance.restart()
    }

    /// Stops it in good order.
    pub fn stop(mut self) -> Result<()> {
        self.instance.stop()
    }
}

impl Keeping {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Lasting => &[],
            Self::Fleeting => &FLEETING,
        }
    }
}

impl Means {
    fn find(folder: &RunFolder) -> Result<Self> {
        if let Some(programs) = Programs::find().postgres {
            // PostgreSQL refuses to run as root.
            let user = ServerUser::instead_of_root(&[SUPERUSER, "nobody"])?;
            return Ok(Self::Programs { programs, user });
        }
        match Engine::find() {
            Some(engine) => Ok(Self::Container(Container::new(engine, folder)?)),
            None => bail!("PostgreSQL is missing: {}", install::Part::Postgres.advice()),
        }
    }
}

impl Recipe for PostgresRecipe {
    fn name(&self) -> &'static str {
        NAME
    }

    fn launch(&self, folder: &RunFolder, port: u16) -> Result<Launch> {
        let (command, user) = match self.means.as_ref() {
            Means::Programs { programs, user } => {
                let mut command = Command::new(&programs.postgres);
                command
                    .arg("-D")
                    // Not through a link in a folder that may be closed to the server's user.
                    .arg(fs::canonicalize(folder.file("data"))?)
                    .args(["-p", &port.to_string()])
                    .args(["-c", "listen_addresses=127.0.0.1"])
                    // The path of a Unix socket has 107 bytes, which a data folder easily exceeds.
                    .args(["-c", "unix_socket_directories="])
                    .args(SETTINGS)
                    .args(self.keeping.settings())
                    .current_dir("/");
                (command, user.as_ref().map(|user| user.name.clone()))
            }
            Means::Container(container) => {
                let mut command = container.run(port, 5432, "/var/lib/postgresql/data");
                command
                    .args(["--env", "POSTGRES_PASSWORD", IMAGE])
                    .args(SETTINGS)
                    .args(self.keeping.settings())
                    .env("POSTGRES_PASSWORD", &self.password);
                (command, None)
            }
        };
        Ok(Launch {
            name: NAME.to_owned(),
            command,
            user,
            stop_signal: Signal::Interrupt,
            orphan_signal: Signal::Interrupt,
        })
    }

    fn container(&self) -> Option<&Container> {
        match self.means.as_ref() {
            Means::Container(container) => Some(container),
            Means::Programs { .. } => None,
        }
    }

    fn answers(&self, port: u16) -> bool {
        asks_for_a_password(port).unwrap_or(false)
    }
}

/// Sends a `StartupMessage`: `R` asks who we are, `E` says that it is still starting up.
fn asks_for_a_password(port: u16) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PROBE_PATIENCE))?;
    let parameters = b"user\0postgres\0\0";
    let length = u32::try_from(8 + parameters.len()).unwrap_or_default();
    let version_3_0 = 3_u32 << 16;
    stream
        .write_all(&[&length.to_be_bytes()[..], &version_3_0.to_be_bytes(), parameters].concat())?;
    let mut kind = [0];
    stream.read_exact(&mut kind)?;
    Ok(kind == *b"R")
}

fn create_cluster(
    folder: &RunFolder,
    programs: &PostgresPrograms,
    user: Option<&ServerUser>,
    password: &str,
) -> Result<()> {
    let done = folder.file("created");
    if done.exists() {
        return Ok(());
    }
    let version = output_of(Command::new(&programs.postgres).arg("--version"), None)?;
    console::progress(NAME, format!("creating a data folder for {}", version.trim()));
    let data = folder.file("data");
    // Left by a run that was stopped half way.
    server_user::remove_outside_data(folder.path())?;
    if data.is_symlink() {
        fs::remove_file(&data)?;
    } else if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    match user {
        Some(user) => user.own_folder(&data)?,
        None => fs::create_dir(&data)?,
    }
    let data = fs::canonicalize(&data)?;
    let password_file = data.with_extension("password");
    secret::write(&password_file, password)?;
    if let Some(user) = user {
        user.give(&password_file)?;
    }
    let created = initdb(programs, &data, &password_file, user);
    fs::remove_file(&password_file)?;
    created?;
    fs::write(&done, version).context("could not write down that the data folder is complete")
}

fn initdb(
    programs: &PostgresPrograms,
    data: &Path,
    password_file: &Path,
    user: Option<&ServerUser>,
) -> Result<()> {
    let mut command = Command::new(&programs.initdb);
    command
        .arg("-D")
        .arg(data)
        .args(["--username", SUPERUSER, "--auth", "scram-sha-256"])
        .args(["--encoding", "UTF8", "--no-locale"])
        .arg(format!("--pwfile={}", password_file.display()))
        .current_dir("/");
    output_of(&mut command, user.map(|user| user.name.as_str()))?;
    Ok(())
}
