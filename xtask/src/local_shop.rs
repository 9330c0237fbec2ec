//! A whole shop on this machine: one process per service, on real servers.
//!
//! `cargo shop up` runs one for people; the whole-shop tests run one and kill its parts.

mod databases;
mod manifest;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::console;
use crate::ports;
use crate::run_folder::RunFolder;
use crate::servers::{self, Given, Keeping, Servers};
use crate::shop_env::{KINDS, Kind, ShopEnv, Store};
use crate::stop;
use crate::supervise::{Service, Supervisor};
use crate::workspace::{Profile, program};

/// The page people start from, and `/.well-known/shop.json`.
pub const FRONT: &str = "front";
/// Migrations and seeds on a machine that is busy with other things.
const READY_BOUND: Duration = Duration::from_secs(90);

/// What kind of shop to start.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Keeps everything; an existing one is continued.
    pub data: PathBuf,
    /// Deletes what is in the folder first.
    pub fresh: bool,
    /// Of the front page; 0 takes a free one.
    pub port: u16,
    /// How many processes of a kind there are, where it is not one.
    pub replicas: BTreeMap<String, usize>,
    /// Servers that somebody else runs.
    pub given: Given,
    /// Which programs to start; they must have been built.
    pub profile: Profile,
    /// The storefront to serve.
    pub ui: PathBuf,
    /// Settings on top of the usual ones: service, variable, value.
    pub settings: Vec<(String, String, String)>,
}

impl Plan {
    /// One process of each kind on private servers, on a free port.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            fresh: false,
            port: 0,
            replicas: BTreeMap::new(),
            given: Given::default(),
            profile: Profile::Dev,
            ui: crate::frontend::folder(),
            settings: Vec::new(),
        }
    }
}

/// A running shop; dropping it stops everything it started.
#[derive(Debug)]
pub struct LocalShop {
    // In the order in which they are to be stopped: services before their servers.
    supervisor: Supervisor,
    servers: Servers,
    addresses: BTreeMap<&'static str, Vec<String>>,
    port: u16,
    _folder: RunFolder,
}

impl LocalShop {
    /// Starts servers and services and waits until all are ready.
    pub fn start(plan: &Plan) -> Result<Self> {
        let folder = RunFolder::open(&plan.data)?;
        if plan.port != 0 && !ports::is_free(plan.port) {
            bail!("port {} is in use: choose another with --port", plan.port);
        }
        let servers_folder = folder.file("servers");
        if plan.fresh {
            console::progress("shop", format!("deleting what is in {}", folder.path().display()));
            servers::wipe(&servers_folder)?;
            remove(folder.file("services"))?;
            remove(folder.file("files"))?;
        }
        let servers = Servers::start(&servers_folder, &plan.given, Keeping::Lasting)?;
        let secrets = RunFolder::open(&folder.file("services"))?;
        let layout = Layout::of(plan)?;
        let front_port = if plan.port == 0 { ports::free()? } else { plan.port };
        let files = folder.file("files");
        fs::create_dir_all(&files)?;

        let env = ShopEnv {
            addresses: &layout.addresses,
            smtp: &layout.smtp,
            secrets: &secrets,
            postgres_url: servers.postgres_url(),
            amqp_url: servers.amqp_url(),
            mongodb_url: servers.mongodb_url(),
            files: &files,
        };
        databases::create(&servers, &env)?;
        let manifest = folder.file("shop.json");
        manifest::write(&manifest, &layout.addresses)?;
        let (first, more) = layout.services(plan, &env)?;
        let front = front(plan, front_port, &manifest);

        let shop = Self {
            supervisor: Supervisor::new(secrets),
            servers,
            addresses: layout.addresses,
            port: front_port,
            _folder: folder,
        };
        shop.start_and_wait(first)?;
        // After the first of each kind: two processes must not create the same tables.
        shop.start_and_wait(more)?;
        shop.start_and_wait(vec![front])?;
        Ok(shop)
    }

    /// The address of the front page.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Base URLs of a service; empty when there is none of this name.
    pub fn addresses(&self, service: &str) -> &[String] {
        self.addresses.get(service).map(Vec::as_slice).unwrap_or_default()
    }

    /// The running services, to be killed and held. A replica is called `order-2`, the first one `order`.
    pub fn services(&self) -> &Supervisor {
        &self.supervisor
    }

    /// The servers, to be killed and restarted.
    pub fn servers(&mut self) -> &mut Servers {
        &mut self.servers
    }

    /// Waits until every service answers its probe again.
    pub fn wait_ready(&self) -> Result<()> {
        let names = self.supervisor.names();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.supervisor.wait_ready(&names, READY_BOUND)
    }

    /// Stops the services, then the servers.
    pub fn stop(self) {
        let Self { mut supervisor, servers, .. } = self;
        supervisor.stop();
        servers.stop();
    }

    fn start_and_wait(&self, services: Vec<Service>) -> Result<()> {
        stop::check()?;
        let names: Vec<String> = services.iter().map(|service| service.name.clone()).collect();
        for service in services {
            self.supervisor.start(service)?;
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.supervisor.wait_ready(&names, READY_BOUND)
    }
}

/// Who listens where.
struct Layout {
    addresses: BTreeMap<&'static str, Vec<String>>,
    smtp: String,
}

impl Layout {
    fn of(plan: &Plan) -> Result<Self> {
        for (name, count) in &plan.replicas {
            match Kind::named(name).map(|kind| kind.store) {
                None => {
                    bail!("there is no service {name}: {}", KINDS.map(|kind| kind.name).join(", "))
                }
                Some(Store::Files) if *count > 1 => bail!("{name} runs in one process only"),
                Some(_) if *count == 0 => bail!("{name} needs at least one process"),
                Some(_) => {}
            }
        }
        let mut addresses = BTreeMap::new();
        for kind in KINDS {
            let count = plan.replicas.get(kind.name).copied().unwrap_or(1);
            let urls = (0..count).map(|_| Ok(format!("http://127.0.0.1:{}", ports::free()?)));
            addresses.insert(kind.name, urls.collect::<Result<Vec<String>>>()?);
        }
        Ok(Self { addresses, smtp: format!("127.0.0.1:{}", ports::free()?) })
    }

    /// The first process of each kind, and the others.
    fn services(&self, plan: &Plan, env: &ShopEnv<'_>) -> Result<(Vec<Service>, Vec<Service>)> {
        let (mut first, mut more) = (Vec::new(), Vec::new());
        for kind in KINDS {
            for (at, url) in self.addresses.get(kind.name).into_iter().flatten().enumerate() {
                let service = self.service(plan, env, kind, at, url)?;
                if at == 0 { first.push(service) } else { more.push(service) }
            }
        }
        Ok((first, more))
    }

    fn service(
        &self,
        plan: &Plan,
        env: &ShopEnv<'_>,
        kind: Kind,
        at: usize,
        url: &str,
    ) -> Result<Service> {
        let bind = url.trim_start_matches("http://");
        let mut settings = env.settings(kind, bind)?;
        for (service, variable, value) in &plan.settings {
            if service == kind.name {
                settings.insert(variable.clone(), value.clone());
            }
        }
        let args: Vec<OsString> = if kind.name == "mail-sink" {
            let mails = env.files.join("mails").into_os_string();
            vec![
                "--smtp".into(),
                (&self.smtp).into(),
                "--http".into(),
                bind.into(),
                "--dir".into(),
                mails,
            ]
        } else {
            Vec::new()
        };
        Ok(Service {
            name: if at == 0 { kind.name.to_owned() } else { format!("{}-{}", kind.name, at + 1) },
            program: program(plan.profile, kind.name),
            args,
            env: settings,
            ready_url: format!("{url}/health/ready"),
        })
    }
}

fn front(plan: &Plan, port: u16, manifest: &std::path::Path) -> Service {
    let args = ["front".into(), "--port".into(), port.to_string().into(), "--manifest".into()];
    Service {
        name: FRONT.to_owned(),
        program: program(plan.profile, "shop"),
        args: args.into_iter().chain([manifest.into()]).collect(),
        env: BTreeMap::from([("SHOP_UI".to_owned(), plan.ui.display().to_string())]),
        ready_url: format!("http://127.0.0.1:{port}/.well-known/shop.json"),
    }
}

fn remove(folder: PathBuf) -> Result<()> {
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.with_context(|| format!("could not delete {}", folder.display())),
    }
}
