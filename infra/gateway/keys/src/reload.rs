//! Telling HAProxy's master process that its files have changed.

use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// Reading the settings again takes less than a second.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Has the master start a fresh worker; the old one finishes what it has.
///
/// No socket means no HAProxy, which will read the files when it starts.
///
/// # Errors
/// When it is there and does not take the command.
pub fn reload(master: &Path) -> Result<()> {
    let mut socket = match UnixStream::connect(master) {
        Ok(socket) => socket,
        Err(error)
            if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) =>
        {
            return Ok(());
        }
        Err(error) => return Err(error).context("HAProxy's master does not listen"),
    };
    socket.set_read_timeout(Some(ANSWER_WITHIN))?;
    socket.write_all(b"reload\n").context("HAProxy's master does not take commands")?;
    let mut answer = String::new();
    // An older one closes without a word, when it starts itself anew.
    match socket.read_to_string(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => return Err(error).context("HAProxy's master does not answer"),
    }
    anyhow::ensure!(!answer.contains("Success=0"), "HAProxy refuses the keys: {answer}");
    Ok(())
}
