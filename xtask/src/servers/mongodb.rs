//! A private MongoDB: a replica set of one, because change streams need a replica set.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::container::{Container, Engine};
use super::install;
use super::instance::{Instance, Recipe};
use super::op_msg::{self, Value};
use super::programs::Programs;
use crate::process::{Launch, Signal};
use crate::run_folder::RunFolder;
use crate::wait;

const NAME: &str = "mongodb";
const IMAGE: &str = "mongo:8";
const REPLICA_SET: &str = "rs0";
/// An election of one is quick, but a first start on a slow disk is not.
const PRIMARY_BOUND: Duration = Duration::from_secs(60);

/// A MongoDB of our own, on a free loopback port; it stops when it is dropped.
#[derive(Debug)]
pub struct MongoDb {
    instance: Instance,
}

#[derive(Debug)]
enum MongoDbRecipe {
    Program(PathBuf),
    Container(Container),
}

impl MongoDb {
    /// Starts it in this folder, which is created on first use, and waits until it takes writes.
    pub fn start(folder: &Path) -> Result<Self> {
        let folder = RunFolder::open(folder)?;
        let recipe = MongoDbRecipe::find(&folder)?;
        std::fs::create_dir_all(folder.file("data"))?;
        let mongodb = Self { instance: Instance::start(folder, Box::new(recipe))? };
        mongodb.become_primary()?;
        Ok(mongodb)
    }

    /// Its address; clients find the replica set through it.
    pub fn url(&self) -> String {
        format!("mongodb://127.0.0.1:{}/?replicaSet={REPLICA_SET}", self.instance.port())
    }

    /// `kill -9`.
    pub fn kill9(&mut self) -> Result<()> {
        self.instance.kill9()
    }

    /// Starts it again on the same port and data, and waits until it takes writes.
    pub fn restart(&mut self) -> Result<()> {
        self.instance.restart()?;
        self.become_primary()
    }

    /// Stops it in good order.
    pub fn stop(mut self) -> Result<()> {
        self.instance.stop()
    }

    /// Founds the replica set on first start, tells it of a new port on a later one, and waits.
    fn become_primary(&self) -> Result<()> {
        let port = self.instance.port();
        let known = self.instance.folder().file("member");
        let member = format!("127.0.0.1:{port}");
        match std::fs::read_to_string(&known) {
            Ok(old) if old == member => {}
            Ok(_) => command(port, &reconfigure(&member))?,
            Err(_) => command(port, &initiate(&member))?,
        }
        std::fs::write(&known, &member).context("could not write down the member")?;
        let primary = wait::until(PRIMARY_BOUND, || {
            let hello = op_msg::ask(port, "admin", &[("hello", Value::Int(1))]);
            Ok(hello.is_ok_and(|hello| hello.is_true("isWritablePrimary")).then_some(()))
        })?;
        primary.context("MongoDB did not become primary of its replica set")
    }
}

impl MongoDbRecipe {
    fn find(folder: &RunFolder) -> Result<Self> {
        if let Some(program) = Programs::find().mongod {
            return Ok(Self::Program(program));
        }
        match Engine::find() {
            Some(engine) => Ok(Self::Container(Container::new(engine, folder)?)),
            None => bail!("MongoDB is missing: {}", install::Part::MongoDb.advice()),
        }
    }
}

impl Recipe for MongoDbRecipe {
    fn name(&self) -> &'static str {
        NAME
    }

    fn launch(&self, folder: &RunFolder, port: u16) -> Result<Launch> {
        let mut command = match self {
            Self::Program(program) => {
                let mut command = Command::new(program);
                command.arg("--dbpath").arg(folder.file("data")).args([
                    "--bind_ip",
                    "127.0.0.1",
                    "--nounixsocket",
                ]);
                command
            }
            Self::Container(container) => {
                // The same port inside: clients are told the member's own idea of its address.
                let mut command = container.run(port, port, "/data/db");
                command.args([IMAGE, "--bind_ip_all"]);
                command
            }
        };
        command
            .args(["--port", &port.to_string(), "--replSet", REPLICA_SET])
            // Half of the machine's memory otherwise.
            .args(["--wiredTigerCacheSizeGB", "0.25"])
            // In MB; 5 % of the disk otherwise.
            .args(["--oplogSize", "512"])
            // There is no other member to hand over to, and 15 s is the default.
            .args(["--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"]);
        Ok(Launch {
            name: NAME.to_owned(),
            command,
            user: None,
            stop_signal: Signal::Terminate,
            orphan_signal: Signal::Terminate,
        })
    }

    fn container(&self) -> Option<&Container> {
        match self {
            Self::Container(container) => Some(container),
            Self::Program(_) => None,
        }
    }

    fn answers(&self, port: u16) -> bool {
        op_msg::ask(port, "admin", &[("ping", Value::Int(1))]).is_ok_and(|reply| reply.is_ok())
    }
}

fn initiate(member: &str) -> Vec<(&'static str, Value)> {
    vec![("replSetInitiate", Value::Document(replica_set(member)))]
}

/// Forced, because a member that is not in its own configuration has nobody to ask.
fn reconfigure(member: &str) -> Vec<(&'static str, Value)> {
    let mut configuration = replica_set(member);
    configuration.push(("version", Value::Int(1)));
    vec![("replSetReconfig", Value::Document(configuration)), ("force", Value::Bool(true))]
}

fn replica_set(member: &str) -> Vec<(&'static str, Value)> {
    let host = Value::Text(member.to_owned());
    let only = Value::Document(vec![("_id", Value::Int(0)), ("host", host)]);
    vec![("_id", Value::Text(REPLICA_SET.to_owned())), ("members", Value::Array(vec![only]))]
}

fn command(port: u16, command: &[(&'static str, Value)]) -> Result<()> {
    let reply = op_msg::ask(port, "admin", command)?;
    if reply.is_ok() {
        return Ok(());
    }
    match reply.text("codeName") {
        Some("AlreadyInitialized") => Ok(()),
        _ => bail!("MongoDB refused: {}", reply.text("errmsg").unwrap_or("no reason given")),
    }
}
