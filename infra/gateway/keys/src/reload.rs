//! Telling HAProxy's master process that its files have changed.

use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

/// Reading the settings again takes less than a second.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// While the master starts itself anew, nobody takes connections; longer, and nobody is there.
const AWAY_AT_MOST: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// How often the master has read its settings again, and how often in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reloads {
    all: u32,
    failed: u32,
}

/// Has the master start a fresh worker; the old one finishes what it has.
///
/// Nobody at the socket means no HAProxy, which will read the files when it starts.
///
/// # Errors
/// When it is there and does not do it.
pub fn reload(master: &Path) -> Result<()> {
    let Some(before) = count(master)? else { return Ok(()) };
    ask(master, "reload")?;
    let deadline = Instant::now() + ANSWER_WITHIN;
    // Some answer when they are done, others close without a word: its own count tells.
    while Instant::now() < deadline {
        match count(master)? {
            Some(now) if now.failed > before.failed => bail!("HAProxy refuses the keys"),
            Some(now) if now.all > before.all => return Ok(()),
            Some(_) | None => thread::sleep(PAUSE),
        }
    }
    bail!("HAProxy's master does not reload")
}

fn count(master: &Path) -> Result<Option<Reloads>> {
    let Some(answer) = ask(master, "show proc")? else { return Ok(None) };
    let reloads = reloads(&answer);
    ensure!(reloads.is_some() || answer.is_empty(), "this is no master's: {answer}");
    Ok(reloads)
}

/// From a line as `31675  master  2 [failed: 1]  0d00h00m04s  3.2.0`.
fn reloads(answer: &str) -> Option<Reloads> {
    let line = answer.lines().find(|line| line.split_whitespace().nth(1) == Some("master"))?;
    let mut words = line.split_whitespace().skip(2);
    let all = words.next()?.parse().ok()?;
    let failed = words.nth(1)?.trim_end_matches(']').parse().ok()?;
    Some(Reloads { all, failed })
}

/// What the master says to a command; `None` when nobody is there.
fn ask(master: &Path, command: &str) -> Result<Option<String>> {
    let Some(mut socket) = connect(master)? else { return Ok(None) };
    socket.set_read_timeout(Some(ANSWER_WITHIN))?;
    let mut answer = String::new();
    let said = socket.write_all(format!("{command}\n").as_bytes());
    match said.and_then(|()| socket.shutdown(std::net::Shutdown::Write)) {
        Ok(()) => {}
        // It is starting itself anew just now.
        Err(error) if is_end(&error) => return Ok(Some(answer)),
        Err(error) => return Err(error).context("HAProxy's master does not take commands"),
    }
    match socket.read_to_string(&mut answer) {
        Ok(_) => Ok(Some(answer)),
        Err(error) if is_end(&error) => Ok(Some(answer)),
        Err(error) => Err(error).context("HAProxy's master does not answer"),
    }
}

fn is_end(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::NotConnected
    )
}

fn connect(master: &Path) -> Result<Option<UnixStream>> {
    let deadline = Instant::now() + AWAY_AT_MOST;
    loop {
        match UnixStream::connect(master) {
            Ok(socket) => return Ok(Some(socket)),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() != ErrorKind::ConnectionRefused => {
                return Err(error).context("HAProxy's master does not listen");
            }
            Err(_) if Instant::now() > deadline => return Ok(None),
            Err(_) => thread::sleep(PAUSE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Reloads, reloads};

    #[test]
    fn the_masters_line_tells_how_often_it_has_reloaded() {
        let answer = "#<PID>          <type>          <reloads>       <uptime>        <version>\n\
            31675           master          2 [failed: 1]   0d00h00m04s     2.6.12-1+deb12u3\n\
            # workers\n31695           worker          0               0d00h00m04s     2.6.12\n";

        assert_eq!(reloads(answer), Some(Reloads { all: 2, failed: 1 }));
        assert_eq!(reloads(""), None);
    }
}
