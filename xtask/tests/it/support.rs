//! Processes to try things on, and waiting with a bound.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use xtask::process::{Launch, Process, Signal};
use xtask::run_folder::RunFolder;

pub(crate) fn start(folder: &RunFolder, script: &str) -> Process {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(folder.path());
    let launch = Launch {
        name: "child".into(),
        command,
        user: None,
        stop_signal: Signal::Terminate,
        orphan_signal: Signal::Kill,
    };
    Process::start(folder, launch).expect("sh starts")
}

pub(crate) fn is_alive(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()))
        .is_ok_and(|stat| !stat.contains(") Z "))
}

pub(crate) fn eventually<T>(mut probe: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited for too long");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A folder whose servers leave nothing behind, volumes of containers included.
pub(crate) struct Place(TempDir);

impl Default for Place {
    fn default() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

impl Place {
    pub(crate) fn of(&self, server: &str) -> PathBuf {
        self.0.path().join("servers").join(server)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        xtask::servers::wipe(&self.0.path().join("servers")).unwrap();
    }
}
