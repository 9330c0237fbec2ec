//! Processes that an owner killed with `kill -9` could not stop, found again through records.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::table::{Entry, Table};
use crate::console;
use crate::run_folder::RunFolder;
use crate::secret;

const END_BOUND: Duration = Duration::from_secs(10);

/// Writes down who was started, for the case that we cannot stop it.
pub(super) fn record(folder: &RunFolder, name: &str, pid: u32) -> Result<PathBuf> {
    let path = folder.file(&format!("{name}.pid"));
    let started = Entry::of(pid).map_or(0, |entry| entry.started);
    secret::write(&path, &format!("{pid} {started}\n"))?;
    Ok(path)
}

/// Ends whatever the records of this folder name and still runs.
pub(crate) fn end_all(folder: &Path) -> Result<()> {
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "pid") {
            let family = family_of_record(&path, folder)?;
            if let (Some(name), false) = (path.file_stem(), family.is_empty()) {
                console::progress(&name.to_string_lossy(), "left over from an earlier run: ended");
                end(&family, END_BOUND)?;
            }
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// The recorded process with its family, if the pid still means the same process.
fn family_of_record(path: &Path, folder: &Path) -> Result<Vec<Entry>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.with_context(|| format!("could not read {}", path.display()))?,
    };
    let mut numbers = text.split_ascii_whitespace();
    let pid = numbers.next().and_then(|pid| pid.parse().ok());
    let started = numbers.next().and_then(|started| started.parse::<u64>().ok());
    let (Some(pid), Some(started)) = (pid, started) else {
        return Ok(Vec::new());
    };
    let family = Table::read().family_of(pid);
    if family.iter().any(|entry| entry.pid == pid && entry.started == started) {
        return Ok(family);
    }
    // The leader is gone. Its group may live on, but the number may also be somebody else's now.
    let folder = folder.to_string_lossy();
    Ok(family.into_iter().filter(|entry| entry.group == pid && entry.mentions(&folder)).collect())
}

/// `kill -9` for all of them; returns when they are gone.
pub(super) fn end(family: &[Entry], bound: Duration) -> Result<()> {
    let deadline = Instant::now() + bound;
    loop {
        let alive: Vec<&Entry> = family.iter().filter(|entry| entry.is_alive()).collect();
        if alive.is_empty() {
            return Ok(());
        }
        if Instant::now() >= deadline {
            let pids: Vec<u32> = alive.iter().map(|entry| entry.pid).collect();
            bail!("could not kill the processes {pids:?}");
        }
        for entry in alive {
            if let Some(pid) = i32::try_from(entry.pid).ok().and_then(Pid::from_raw) {
                // It may end between the look and the signal.
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        thread::sleep(Duration::from_millis(5));
    }
}
