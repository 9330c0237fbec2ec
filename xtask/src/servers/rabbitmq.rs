//! A private RabbitMQ.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::container::{Container, Engine};
use super::install;
use super::instance::{Instance, Recipe};
use super::programs::{Programs, RabbitMqPrograms};
use crate::process::{Launch, Process, Signal};
use crate::run_folder::RunFolder;
use crate::wait;

const NAME: &str = "rabbitmq";
const IMAGE: &str = "rabbitmq:4-management";
const USER: &str = "shop";
const PROBE_PATIENCE: Duration = Duration::from_secs(2);
const PORT_MAPPER_BOUND: Duration = Duration::from_secs(10);

/// A RabbitMQ of our own, on a free loopback port; it stops when it is dropped.
#[derive(Debug)]
pub struct RabbitMq {
    instance: Instance,
    password: String,
    // After the node, which says goodbye to it.
    _port_mapper: Option<Process>,
}

#[derive(Debug)]
enum Means {
    Programs { server: RabbitMqPrograms, port_mapper_port: u16, distribution_port: u16 },
    Container(Container),
}

#[derive(Debug)]
struct RabbitMqRecipe {
    means: Means,
    password: String,
}

impl RabbitMq {
    /// Starts it in this folder, which is created on first use, and waits until it answers.
    pub fn start(folder: &Path) -> Result<Self> {
        let folder = RunFolder::open(folder)?;
        let password = folder.password(USER)?;
        let means = Means::find(&folder)?;
        let port_mapper = match &means {
            Means::Programs { server, port_mapper_port, .. } => {
                write_configuration(&folder, &password)?;
                Some(start_port_mapper(&folder, server, *port_mapper_port)?)
            }
            Means::Container(_) => None,
        };
        let recipe = RabbitMqRecipe { means, password: password.clone() };
        let instance = Instance::start(folder, Box::new(recipe))?;
        Ok(Self { instance, password, _port_mapper: port_mapper })
    }

    /// Its address, with user and password, for the virtual host `/`.
    pub fn url(&self) -> String {
        format!("amqp://{USER}:{}@127.0.0.1:{}/%2f", self.password, self.instance.port())
    }

    /// `kill -9` for the node.
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

impl Means {
    fn find(folder: &RunFolder) -> Result<Self> {
        if let Some(server) = Programs::find().rabbitmq {
            return Ok(Self::Programs {
                server,
                port_mapper_port: folder.port("epmd")?,
                distribution_port: folder.port("distribution")?,
            });
        }
        match Engine::find() {
            Some(engine) => Ok(Self::Container(Container::new(engine, folder)?)),
            None => bail!("RabbitMQ is missing: {}", install::Part::RabbitMq.advice()),
        }
    }
}

impl Recipe for RabbitMqRecipe {
    fn name(&self) -> &'static str {
        NAME
    }

    fn launch(&self, folder: &RunFolder, port: u16) -> Result<Launch> {
        let command = match &self.means {
            Means::Programs { server, port_mapper_port, distribution_port } => {
                node(folder, server, port, *port_mapper_port, *distribution_port)
            }
            Means::Container(container) => {
                let mut command = container.run(port, 5672, "/var/lib/rabbitmq");
                command
                    // The data is kept under the node's name, and that is the host's.
                    .args(["--hostname", "shop"])
                    .args(["--env", "RABBITMQ_DEFAULT_USER", "--env", "RABBITMQ_DEFAULT_PASS"])
                    .arg(IMAGE)
                    .env("RABBITMQ_DEFAULT_USER", USER)
                    .env("RABBITMQ_DEFAULT_PASS", &self.password);
                command
            }
        };
        // Erlang forgets a signal that comes while it boots, and nobody could repeat it.
        let orphan_signal = match &self.means {
            Means::Programs { .. } => Signal::Kill,
            // Docker's client passes on what it can catch.
            Means::Container(_) => Signal::Terminate,
        };
        let name = NAME.to_owned();
        Ok(Launch { name, command, user: None, stop_signal: Signal::Terminate, orphan_signal })
    }

    fn container(&self) -> Option<&Container> {
        match &self.means {
            Means::Container(container) => Some(container),
            Means::Programs { .. } => None,
        }
    }

    fn answers(&self, port: u16) -> bool {
        speaks_amqp(port).unwrap_or(false)
    }
}

/// The node itself. Everything it would share with other nodes of this machine is its own: home,
/// cookie, port mapper, plugins, configuration.
fn node(
    folder: &RunFolder,
    programs: &RabbitMqPrograms,
    port: u16,
    port_mapper_port: u16,
    distribution_port: u16,
) -> Command {
    let mut command = Command::new(&programs.server);
    command
        .env("HOME", folder.path())
        .env("ERL_EPMD_PORT", port_mapper_port.to_string())
        .env("ERL_EPMD_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_NODENAME", "shop@localhost")
        .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_NODE_PORT", port.to_string())
        .env("RABBITMQ_DIST_PORT", distribution_port.to_string())
        .env("RABBITMQ_MNESIA_BASE", folder.file("data"))
        .env("RABBITMQ_LOG_BASE", folder.file("data"))
        .env("RABBITMQ_LOGS", "-")
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.file("enabled_plugins"))
        .env("RABBITMQ_CONFIG_FILE", folder.file("rabbitmq.conf"))
        .env("RABBITMQ_CONF_ENV_FILE", "/dev/null")
        .env(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false",
        )
        // Makes the script become the node instead of watching over it: signals arrive.
        .env("RUNNING_UNDER_SYSTEMD", "1")
        .env_remove("NOTIFY_SOCKET")
        .current_dir(folder.path());
    command
}

/// Erlang would start one by itself, as a daemon that outlives everything.
fn start_port_mapper(
    folder: &RunFolder,
    programs: &RabbitMqPrograms,
    port: u16,
) -> Result<Process> {
    let mut command = Command::new(&programs.epmd);
    command.args(["-port", &port.to_string(), "-address", "127.0.0.1"]).current_dir("/");
    let launch = Launch {
        name: "epmd".to_owned(),
        command,
        user: None,
        stop_signal: Signal::Terminate,
        orphan_signal: Signal::Kill,
    };
    let mut process = Process::start(folder, launch)?;
    // A node that finds none starts a daemon after all.
    let listens = wait::until(PORT_MAPPER_BOUND, || {
        if process.ended()?.is_some() {
            bail!("epmd ended while starting\n{}", process.last_words());
        }
        Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok().then_some(()))
    })?;
    listens.with_context(|| format!("epmd does not listen\n{}", process.last_words()))?;
    Ok(process)
}

fn write_configuration(folder: &RunFolder, password: &str) -> Result<()> {
    let configuration = format!(
        "default_user = {USER}\n\
         default_pass = {password}\n\
         # A laptop's share, not a server's: a node claims 40 % of the memory otherwise.\n\
         vm_memory_high_watermark.absolute = 512MB\n\
         disk_free_limit.absolute = 100MB\n\
         # Each quorum queue writes here first; 512 MB by default, kept in memory.\n\
         raft.wal_max_size_bytes = 33554432\n\
         log.console.level = warning\n"
    );
    crate::secret::write(&folder.file("rabbitmq.conf"), &configuration)?;
    fs::write(folder.file("enabled_plugins"), "[].\n").context("could not write enabled_plugins")
}

/// Sends a protocol header: a broker that is ready answers with `Connection.Start`, a method frame.
fn speaks_amqp(port: u16) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PROBE_PATIENCE))?;
    stream.write_all(b"AMQP\x00\x00\x09\x01")?;
    let mut frame = [0; 11];
    stream.read_exact(&mut frame)?;
    let (kind, class, method) = (frame[0], [frame[7], frame[8]], [frame[9], frame[10]]);
    Ok((kind, class, method) == (1, [0, 10], [0, 10]))
}
