//! A name server that knows what a test tells it.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;

/// Of a message, before its question.
const HEADER: usize = 12;
const TYPE_A: u16 = 1;

/// Which addresses each name has.
type Addresses = Arc<Mutex<BTreeMap<String, Vec<Ipv4Addr>>>>;

/// Answers for as long as the process lives.
pub(super) struct Names(Addresses);

impl Names {
    pub(super) fn serve(address: SocketAddr) -> Self {
        let socket = UdpSocket::bind(address).unwrap();
        let addresses = Addresses::default();
        let known = addresses.clone();
        thread::spawn(move || {
            let mut message = [0; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut message) {
                if let Some(answer) = answer(&message[..length], &known) {
                    let _ = socket.send_to(&answer, from);
                }
            }
        });
        Self(addresses)
    }

    pub(super) fn set(&self, name: &str, addresses: Vec<Ipv4Addr>) {
        self.0.lock().unwrap().insert(name.to_owned(), addresses);
    }
}

/// RFC 1035: the question again, and an address record for each address.
fn answer(question: &[u8], known: &Addresses) -> Option<Vec<u8>> {
    let mut at = HEADER;
    let mut labels = Vec::new();
    while let Some(length) = question.get(at).copied().map(usize::from).filter(|n| *n > 0) {
        labels.push(std::str::from_utf8(question.get(at + 1..at + 1 + length)?).ok()?.to_owned());
        at += 1 + length;
    }
    let end = at + 5;
    let kind = u16::from_be_bytes([*question.get(at + 1)?, *question.get(at + 2)?]);
    let found = known.lock().unwrap().get(&labels.join(".")).cloned();
    let addresses = found.unwrap_or_default();
    let addresses = if kind == TYPE_A { addresses } else { Vec::new() };
    // No such name, where it has no address.
    let flags: u16 = if addresses.is_empty() && kind == TYPE_A { 0x8583 } else { 0x8580 };
    let count = u16::try_from(addresses.len()).ok()?;

    let mut message = question.get(..2)?.to_vec();
    for part in [flags, 1, count, 0, 0] {
        message.extend(part.to_be_bytes());
    }
    message.extend(question.get(HEADER..end)?);
    for address in addresses {
        // Its name is the one of the question; class, a second to live, four bytes.
        message.extend([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
        message.extend(address.octets());
    }
    Some(message)
}
