//! A gateway and all the parts of a shop behind it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use chassis::auth::TokenSigner;
use gateway_keys::Folder;
use serde_json::Value;
use tempfile::TempDir;
use xtask::{tool, workspace};

use super::client::{self, Answer};
use super::names::Names;
use super::upstream::Replica;

/// The parts, by their names everywhere, and their ports.
const PARTS: [(&str, u16); 7] = [
    ("storefront", 8080),
    ("catalog-ui", 8080),
    ("checkout-ui", 8080),
    ("orders-ui", 8080),
    ("account-ui", 8080),
    ("web-bff", 8110),
    ("mobile-bff", 8111),
];
const PUBLIC: u16 = 8080;
const TLS: u16 = 8443;
const OPERATIONS: u16 = 8404;
const NAMES: u16 = 5300;
/// Nothing waited for here takes longer, on a machine with other things to do.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);

/// What differs from one test to the next.
#[derive(Default)]
pub(super) struct Setup {
    env: BTreeMap<String, String>,
    replicas: BTreeMap<&'static str, u8>,
    has_master: bool,
}

pub(super) struct Shop {
    network: Network,
    parts: BTreeMap<&'static str, Vec<Replica>>,
    pub(super) names: Names,
    pub(super) signer: TokenSigner,
    pub(super) keys: Folder,
    dir: TempDir,
    gateway: Child,
    has_master: bool,
}

impl Setup {
    pub(super) fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn replicas(mut self, part: &'static str, count: u8) -> Self {
        self.replicas.insert(part, count);
        self
    }

    /// With a master process that can be told to reload.
    pub(super) fn with_master(mut self) -> Self {
        self.has_master = true;
        self
    }

    /// Starts everything, and waits until all replicas have been found.
    pub(super) fn start(self) -> Shop {
        let network = Network::claim();
        let names = Names::serve(network.at(2, NAMES));
        let mut parts = BTreeMap::new();
        for (number, (part, port)) in (1..).zip(PARTS) {
            let count = self.replicas.get(part).copied().unwrap_or(1);
            let addresses: Vec<_> = (0..count).map(|n| network.at(number * 10 + n, port)).collect();
            names.set(part, addresses.iter().map(ipv4).collect());
            let replicas =
                (1..).zip(addresses).map(|(n, at)| Replica::start(format!("{part}-{n}"), at));
            parts.insert(part, replicas.collect::<Vec<_>>());
        }
        let dir = tempfile::tempdir().unwrap();
        let signer = TokenSigner::generate().unwrap();
        let keys = Folder::new(dir.path().to_owned());
        publish(&keys, &[&signer]);
        let gateway = self.spawn(&network, &dir);
        let has_master = self.has_master;
        let shop = Shop { network, parts, names, signer, keys, dir, gateway, has_master };
        for (part, replicas) in &shop.parts {
            shop.until_serving(part, replicas.len());
        }
        shop
    }

    fn spawn(&self, network: &Network, dir: &TempDir) -> Child {
        let mut command = Command::new(tool::HAPROXY.ensure().unwrap());
        if let Some(other) = std::env::var_os("SHOP_TEST_HAPROXY") {
            command = Command::new(other);
        }
        command.args(["-db", "-f"]).arg(settings());
        if self.has_master {
            command.arg("-W").arg("-S").arg(dir.path().join("master.sock"));
        }
        command
            .env("GATEWAY_BIND", network.at(1, PUBLIC).to_string())
            .env("GATEWAY_TLS_BIND", network.at(1, TLS).to_string())
            .env("GATEWAY_OPERATIONS_BIND", network.at(1, OPERATIONS).to_string())
            .env("GATEWAY_RESOLVER", network.at(2, NAMES).to_string())
            .env("GATEWAY_KEYS", dir.path());
        let output = || File::create(dir.path().join("errors")).unwrap();
        command.envs(&self.env).stdout(File::create(dir.path().join("log")).unwrap());
        command.stderr(output()).spawn().unwrap()
    }
}

impl Shop {
    pub(super) fn start() -> Self {
        Setup::default().start()
    }

    pub(super) fn public(&self) -> SocketAddr {
        self.network.at(1, PUBLIC)
    }

    pub(super) fn tls(&self) -> SocketAddr {
        self.network.at(1, TLS)
    }

    pub(super) fn replica(&self, part: &str, number: usize) -> &Replica {
        &self.parts[part][number - 1]
    }

    /// The address of a replica, for the name server.
    pub(super) fn address(&self, part: &str, number: u8) -> Ipv4Addr {
        let place = (1..).zip(PARTS).find(|(_, (name, _))| *name == part).unwrap().0;
        ipv4(&self.network.at(place * 10 + number - 1, 0))
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    pub(super) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        client::send(self.public(), &client::request(method, path, headers, body))
    }

    /// From the port that only operators reach.
    pub(super) fn operations(&self, path: &str) -> Answer {
        client::send(self.network.at(1, OPERATIONS), &client::request("GET", path, &[], ""))
    }

    /// How many replicas of a part the gateway holds for good.
    pub(super) fn serving(&self, part: &str) -> Option<usize> {
        let address = self.network.at(1, OPERATIONS);
        TcpStream::connect(address).ok()?;
        let name = format!("haproxy_backend_active_servers{{proxy=\"{part}\"}} ");
        let page = self.operations("/metrics").body;
        page.lines().find_map(|line| line.strip_prefix(&name)?.parse().ok())
    }

    pub(super) fn until_serving(&self, part: &str, count: usize) {
        let what = format!("{count} of {part} to serve");
        self.until(&what, || (self.serving(part) == Some(count)).then_some(()));
    }

    /// Waits for it; it must come.
    pub(super) fn until<T>(&self, what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = probe() {
                return found;
            }
            let errors = || fs::read_to_string(self.dir.path().join("errors")).unwrap();
            assert!(Instant::now() < deadline, "waited in vain for {what}: {}", errors());
            thread::sleep(PAUSE);
        }
    }

    /// The log as it is now: its lines, and all of it.
    pub(super) fn log(&self) -> (Vec<Value>, String) {
        let text = fs::read_to_string(self.dir.path().join("log")).unwrap();
        let lines = text.lines().filter(|line| line.starts_with('{'));
        (lines.filter_map(|line| serde_json::from_str(line).ok()).collect(), text)
    }

    /// What is said about the request of this answer.
    pub(super) fn logged(&self, answer: &Answer) -> Value {
        let id = answer.header("x-request-id").unwrap();
        self.until("the line of a request", || {
            self.log().0.into_iter().find(|line| line["request.id"] == id)
        })
    }

    pub(super) fn master(&self) -> PathBuf {
        self.dir.path().join("master.sock")
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if self.has_master {
            // It ends its workers before itself; by a kill it would leave them.
            if let Some(process) = rustix::process::Pid::from_raw(self.gateway.id().cast_signed()) {
                let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
            }
        } else {
            let _ = self.gateway.kill();
        }
        let _ = self.gateway.wait();
    }
}

/// Writes the keys as `gateway-keys` does, newest first.
pub(super) fn publish(keys: &Folder, signers: &[&TokenSigner]) {
    let jwks = jwks(signers);
    keys.write(&gateway_keys::keys(&jwks).unwrap()).unwrap();
}

/// What identity publishes.
pub(super) fn jwks(signers: &[&TokenSigner]) -> Vec<u8> {
    let keys: Vec<_> = signers.iter().map(|signer| signer.jwk()).collect();
    serde_json::to_vec(&serde_json::json!({ "keys": keys })).unwrap()
}

pub(super) fn settings() -> PathBuf {
    workspace::root().join("infra/gateway/haproxy.cfg")
}

fn ipv4(address: &SocketAddr) -> Ipv4Addr {
    match address.ip() {
        IpAddr::V4(address) => address,
        IpAddr::V6(address) => panic!("{address} is not of the loopback's network"),
    }
}

/// 254 addresses of the loopback that nobody else uses while this process lives.
struct Network([u8; 3]);

impl Network {
    fn claim() -> Self {
        let tries = (1..=250).flat_map(|second| (0..=255).map(move |third| (second, third)));
        // Others begin elsewhere.
        let first = usize::try_from(std::process::id()).unwrap() % 60_000;
        let claimed = tries.skip(first).find_map(|(second, third)| {
            let claim = TcpListener::bind((Ipv4Addr::new(127, second, third, 254), PUBLIC)).ok()?;
            // Kept to the end of the process, as the replicas' threads keep their ports.
            std::mem::forget(claim);
            Some(Self([127, second, third]))
        });
        claimed.unwrap()
    }

    fn at(&self, last: u8, port: u16) -> SocketAddr {
        let [first, second, third] = self.0;
        SocketAddr::from(([first, second, third, last], port))
    }
}
