//! A child process that does not outlive us: stopped on drop, and by the kernel when we are killed.

mod guard;
pub(crate) mod leftover;
mod spawner;
mod table;

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::process::{Pid, kill_process, kill_process_group};

use crate::run_folder::RunFolder;

use table::Table;

pub use guard::{dies_with_us, output_of};

/// Long enough for a database to write its checkpoint.
const STOP_BOUND: Duration = Duration::from_secs(20);
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// The kernel takes its time to clear up after a large process.
const KILL_BOUND: Duration = Duration::from_secs(10);

/// A signal in the sense of kill(2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT, which PostgreSQL understands as "stop now, in order".
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGKILL.
    Kill,
}

/// What to start, and how it is to be stopped.
#[derive(Debug)]
pub struct Launch {
    /// Names the log and the pid file.
    pub name: String,
    /// Program, arguments, environment and folder; input and output are set here.
    pub command: Command,
    /// The user to run as, if not the one we are.
    pub user: Option<String>,
    /// Ends it in good order.
    pub stop_signal: Signal,
    /// What the kernel sends it when we are killed.
    pub orphan_signal: Signal,
}

/// A running child process, or one that has just ended.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    pid: Pid,
    stop_signal: Signal,
    log: PathBuf,
    record: PathBuf,
}

impl Process {
    /// Starts it in a process group of its own, with its output appended to `NAME.log`.
    pub fn start(folder: &RunFolder, launch: Launch) -> Result<Self> {
        let Launch { name, command, user, stop_signal, orphan_signal } = launch;
        let log = folder.file(&format!("{name}.log"));
        let output = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .with_context(|| format!("could not write {}", log.display()))?;
        let program = command.get_program().to_owned();
        let mut command = guard::guarded(command, user.as_deref(), orphan_signal)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);

        let child = spawner::spawn(command)
            .with_context(|| format!("could not start {}", program.display()))?;
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let pid = pid.context("the process has no id")?;
        let record = leftover::record(folder, &name, child.id())?;
        Ok(Self { name, child, pid, stop_signal, log, record })
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended; `None` while it runs.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().with_context(|| format!("could not ask after {}", self.name))
    }

    /// The last lines it wrote, to be shown in an error.
    pub fn last_words(&self) -> String {
        last_lines(&self.log)
    }

    /// Stops it in good order, or with force when that takes too long.
    pub fn stop(&mut self) -> Result<()> {
        self.stop_within(STOP_BOUND)
    }

    /// As [`Process::stop`], with another bound.
    pub fn stop_within(&mut self, bound: Duration) -> Result<()> {
        // Not `wait::until`, which gives up on Ctrl-C: this is what Ctrl-C asks for.
        let began = Instant::now();
        let mut asked = 0;
        while self.ended()?.is_none() {
            if began.elapsed() >= bound {
                return self.kill9();
            }
            // More than once: Erlang forgets a signal that comes while it boots.
            if began.elapsed() >= ASK_AGAIN_AFTER * asked {
                self.ask_to_stop()?;
                asked += 1;
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.forget();
        Ok(())
    }

    /// Sends the stop signal and does not wait.
    pub fn ask_to_stop(&mut self) -> Result<()> {
        // The leader alone: it knows how to end its children.
        self.signal(self.stop_signal.into())
    }

    /// Takes the processor from it until it is told to go on.
    pub fn pause(&mut self) -> Result<()> {
        self.signal(rustix::process::Signal::STOP)
    }

    /// Lets it go on after a pause.
    pub fn resume(&mut self) -> Result<()> {
        self.signal(rustix::process::Signal::CONT)
    }

    fn signal(&mut self, signal: rustix::process::Signal) -> Result<()> {
        if self.ended()?.is_none() {
            kill_process(self.pid, signal)
                .with_context(|| format!("could not send a signal to {}", self.name))?;
        }
        Ok(())
    }

    /// `kill -9`, for it and for all its descendants; returns when they are gone.
    pub fn kill9(&mut self) -> Result<()> {
        let family = Table::read().family_of(self.pid());
        if self.ended()?.is_none() {
            kill_process(self.pid, rustix::process::Signal::KILL)
                .with_context(|| format!("could not kill {}", self.name))?;
        }
        // Gone already when the leader took them along.
        let _ = kill_process_group(self.pid, rustix::process::Signal::KILL);
        leftover::end(&family, KILL_BOUND)?;
        self.child.wait().with_context(|| format!("could not wait for {}", self.name))?;
        self.forget();
        Ok(())
    }

    fn forget(&self) {
        // A record that stays names a process that is gone, which the next start finds out.
        let _ = fs::remove_file(&self.record);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            crate::console::progress(&self.name, format!("{error:#}"));
        }
    }
}

impl Signal {
    fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "INT",
            Self::Terminate => "TERM",
            Self::Kill => "KILL",
        }
    }
}

impl From<Signal> for rustix::process::Signal {
    fn from(signal: Signal) -> Self {
        match signal {
            Signal::Interrupt => Self::INT,
            Signal::Terminate => Self::TERM,
            Signal::Kill => Self::KILL,
        }
    }
}

/// The last lines of a log, to be shown in an error.
pub fn last_lines(log: &Path) -> String {
    const LINES: usize = 15;
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let skipped = lines.len().saturating_sub(LINES);
    let shown: Vec<String> = lines.iter().skip(skipped).map(|line| format!("  | {line}")).collect();
    format!("last lines of {}:\n{}", log.display(), shown.join("\n"))
}
