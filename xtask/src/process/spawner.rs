//! Starts every child from one thread that lives as long as the process.
//!
//! Linux sends a child its parent-death signal when the *thread* that started it ends, and a test
//! thread ends long before the server it started for its whole binary.

use std::io;
use std::process::{Child, Command};
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

type Order = (Command, SyncSender<io::Result<Child>>);

static SPAWNER: OnceLock<Mutex<Sender<Order>>> = OnceLock::new();

pub(super) fn spawn(command: Command) -> io::Result<Child> {
    let spawner = SPAWNER.get_or_init(|| {
        let (orders, inbox) = channel::<Order>();
        thread::spawn(move || {
            for (mut command, answer) in inbox {
                // Whoever ordered waits for the answer, so it arrives.
                let _ = answer.send(command.spawn());
            }
        });
        Mutex::new(orders)
    });
    let (answer, child) = sync_channel(1);
    spawner
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .send((command, answer))
        .map_err(io::Error::other)?;
    child.recv().map_err(io::Error::other)?
}
