//! Asks a process of the same settings whether it is well: a health check for images that hold no
//! program but the service.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, bail};

/// Below what supervisors allow a probe.
const WITHIN: Duration = Duration::from_secs(2);
/// A status line is shorter.
const MOST: u64 = 1_024;

/// Which question.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Probe {
    /// Whether the process is alive
    Live,
    /// Whether requests should be sent to it
    Ready,
}

impl Probe {
    /// Asks the process that listens at `bind`.
    pub(super) fn ask(self, bind: &str) -> anyhow::Result<()> {
        let path = match self {
            Self::Live => "/health/live",
            Self::Ready => "/health/ready",
        };
        let status = status_of(bind, path).with_context(|| format!("no answer at {bind}"))?;
        if status.split(' ').nth(1) != Some("200") {
            bail!("{path} answered {status}");
        }
        Ok(())
    }
}

fn status_of(bind: &str, path: &str) -> anyhow::Result<String> {
    let address = bind.to_socket_addrs()?.next().context("not an address")?;
    let mut stream = TcpStream::connect_timeout(&reachable(address), WITHIN)?;
    stream.set_read_timeout(Some(WITHIN))?;
    stream.set_write_timeout(Some(WITHIN))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {bind}\r\nconnection: close\r\n\r\n")?;
    let mut status = String::new();
    BufReader::new(stream.take(MOST)).read_line(&mut status)?;
    Ok(status.trim_end().to_owned())
}

/// A process that listens on every address is asked on its own machine.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Answers one request with `status`, at the port it gives.
    fn answering(status: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").unwrap();
        });
        port
    }

    #[test]
    fn a_process_that_is_well_passes_also_where_it_listens_everywhere() {
        let port = answering("200 OK");

        Probe::Live.ask(&format!("0.0.0.0:{port}")).unwrap();
    }

    #[test]
    fn a_process_that_is_not_ready_fails() {
        let port = answering("503 Service Unavailable");

        let refused = Probe::Ready.ask(&format!("127.0.0.1:{port}")).unwrap_err();

        assert_eq!(refused.to_string(), "/health/ready answered HTTP/1.1 503 Service Unavailable");
    }

    #[test]
    fn where_nobody_listens_it_fails() {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();

        assert!(Probe::Live.ask(&format!("127.0.0.1:{port}")).is_err());
    }
}
