//! What a run was measured on: figures of another machine, or of a busy one, do not compare.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Serialize;
use xtask::process::output_of;
use xtask::servers::Programs;
use xtask::url::Url;

/// A machine and what runs on it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Machine {
    /// How many processes can run at once.
    pub cores: usize,
    /// What the processor calls itself.
    pub processor: Option<String>,
    /// Of main memory.
    pub memory_mib: Option<u64>,
    /// The kernel's release.
    pub kernel: Option<String>,
    /// How many processes wanted to run in the minute before the first round.
    pub load_before: Option<f64>,
    /// PostgreSQL's version.
    pub postgres: Option<String>,
    /// RabbitMQ's version.
    pub rabbitmq: Option<String>,
    /// MongoDB's version.
    pub mongodb: Option<String>,
    /// How the services were built: `release`, or `dev` for a trial.
    pub profile: &'static str,
}

impl Machine {
    /// Looks at this machine.
    #[must_use]
    pub fn look() -> Self {
        Self {
            cores: thread::available_parallelism().map_or(0, usize::from),
            processor: value_in("/proc/cpuinfo", "model name"),
            memory_mib: value_in("/proc/meminfo", "MemTotal")
                .and_then(|text| text.strip_suffix(" kB")?.parse::<u64>().ok())
                .map(|kib| kib / 1024),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")
                .ok()
                .map(|text| text.trim().to_owned()),
            load_before: fs::read_to_string("/proc/loadavg")
                .ok()
                .and_then(|text| text.split_ascii_whitespace().next()?.parse().ok()),
            mongodb: mongodb_version(),
            ..Self::default()
        }
    }
}

/// The value of the first `key : value` line.
fn value_in(file: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let mut pairs = text.lines().filter_map(|line| line.split_once(':'));
    pairs.find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim().to_owned())
}

fn mongodb_version() -> Option<String> {
    let program = Programs::find().mongod?;
    let text = output_of(Command::new(program).arg("--version"), None).ok()?;
    Some(text.lines().next()?.trim_start_matches("db version v").to_owned())
}

/// The version a broker gives in its greeting, which comes before any password.
///
/// # Errors
/// When it does not greet.
pub fn broker_version(url: &str) -> Result<Option<String>> {
    let url = Url::parse(url)?;
    let mut stream = TcpStream::connect((url.host.as_str(), url.port.unwrap_or(5672)))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(b"AMQP\0\0\x09\x01")?;
    let mut greeting = [0; 2048];
    let length = stream.read(&mut greeting).context("the broker did not greet")?;
    Ok(version_in(greeting.get(..length).unwrap_or_default()))
}

/// The long string named `version` in a table of properties.
fn version_in(greeting: &[u8]) -> Option<String> {
    const NAME: &[u8] = b"\x07versionS";
    let at = greeting.windows(NAME.len()).position(|window| window == NAME)?;
    let (length, text) = greeting.get(at + NAME.len()..)?.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    String::from_utf8(text.get(..length)?.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_brokers_version_is_read_from_its_greeting() {
        let greeting = b"..\x07productS\0\0\0\x08RabbitMQ\x07versionS\0\0\0\x063.10.8\x08platform";

        assert_eq!(version_in(greeting).as_deref(), Some("3.10.8"));
    }

    #[test]
    fn a_greeting_without_a_version_or_cut_off_has_none() {
        for greeting in [&b"HTTP/1.1 400"[..], b"\x07versionS\0\0\0\x063.1", b"\x07versionS\0"] {
            assert_eq!(version_in(greeting), None);
        }
    }
}
