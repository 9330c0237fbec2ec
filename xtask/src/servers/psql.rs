//! Runs SQL through PostgreSQL's own client: a driver would make every verb compile one.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::container::Container;
use super::programs;
use crate::url::Url;

/// The client and the account it uses.
#[derive(Debug)]
pub(super) enum Psql<'a> {
    /// On this machine, for a server that can be anywhere.
    Local { program: PathBuf, server: Url },
    /// Inside the server's container, for machines without PostgreSQL.
    Inside { container: &'a Container, password: &'a str },
}

impl Psql<'_> {
    pub(super) fn on_this_machine(url: &str) -> Result<Self> {
        let program = programs::psql().context(
            "psql is missing: install PostgreSQL's client (Debian: apt-get install postgresql-client)",
        )?;
        Ok(Self::Local { program, server: Url::parse(url)? })
    }

    /// Runs the script, up to its first error, in the database of that name.
    pub(super) fn run(&self, database: &str, script: &str) -> Result<()> {
        let mut child = self
            .command()
            .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--output", "/dev/null"])
            .args(["--dbname", database])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("could not start psql")?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(script.as_bytes()).context("psql does not listen")?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("psql failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(())
    }

    /// The account goes through the environment: arguments are everybody's to read.
    fn command(&self) -> Command {
        match self {
            Self::Local { program, server } => {
                let mut command = Command::new(program);
                command
                    .env("PGHOST", &server.host)
                    .env("PGPORT", server.port.unwrap_or(5432).to_string())
                    .env("PGUSER", server.user.as_deref().unwrap_or("postgres"))
                    .env("PGCONNECT_TIMEOUT", "10");
                if let Some(password) = &server.password {
                    command.env("PGPASSWORD", password);
                }
                command
            }
            Self::Inside { container, password } => {
                let mut command = container.exec();
                command
                    .args(["--env", "PGPASSWORD", container.name(), "psql"])
                    .args(["--host", "127.0.0.1", "--username", "postgres"])
                    .env("PGPASSWORD", password);
                command
            }
        }
    }
}
