//! Free loopback ports.

use std::collections::HashSet;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};

use crate::secret;

/// Below 32768: Linux hands out the ports above to outgoing connections, and one of those could
/// take the port of a server while it restarts.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// Handed out by this process: what is free now may be in use in a moment by the one who asked.
static TAKEN: Mutex<Option<HashSet<u16>>> = Mutex::new(None);

/// A port nobody listens on, and that is not given out twice.
pub fn free() -> Result<u16> {
    // Two processes that look at the same moment start at different places.
    let start = secret::random_u16()? % COUNT;
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = taken.get_or_insert_default();
    for step in 0..COUNT {
        let port = FIRST + (start + step) % COUNT;
        if is_free(port) && taken.insert(port) {
            return Ok(port);
        }
    }
    bail!("no free port between {FIRST} and {}", FIRST + COUNT);
}

/// Whether a server could listen on this port now.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{free, is_free};
    use std::net::{Ipv4Addr, TcpListener};

    #[test]
    fn a_port_is_not_given_out_twice() {
        let ports: std::collections::HashSet<u16> = (0..50).map(|_| free().unwrap()).collect();

        assert_eq!(ports.len(), 50);
    }

    #[test]
    fn a_port_somebody_listens_on_is_not_free() {
        let port = free().unwrap();

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();

        assert!(!is_free(port));
        drop(listener);
        assert!(is_free(port));
    }
}
