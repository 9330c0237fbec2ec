//! Keeps named child processes running: starts them, waits until they are ready, restarts the crashed.

mod slot;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::console;
use crate::http;
use crate::process::{Process, last_lines};
use crate::run_folder::RunFolder;
use crate::wait;

use slot::Slot;

const LOOK_EVERY: Duration = Duration::from_millis(30);
const PROBE_PATIENCE: Duration = Duration::from_secs(5);
/// What crashes this often before it is ready has a reason that waiting does not cure.
const CRASHES_UNTIL_HOPELESS: u32 = 3;

/// A program to keep running.
#[derive(Debug, Clone)]
pub struct Service {
    /// Unique; names the log.
    pub name: String,
    /// The binary.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its settings. Variables of our own that begin with `SHOP_` are not passed on.
    pub env: BTreeMap<String, String>,
    /// Answers 200 as soon as it takes work.
    pub ready_url: String,
}

/// Processes kept running until this is stopped or dropped.
#[derive(Debug)]
pub struct Supervisor {
    state: Arc<State>,
    keeper: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct State {
    folder: RunFolder,
    slots: Mutex<Vec<Slot>>,
    over: AtomicBool,
}

impl Supervisor {
    /// A supervisor of nothing yet, with its logs in this folder.
    pub fn new(folder: RunFolder) -> Self {
        let state =
            Arc::new(State { folder, slots: Mutex::default(), over: AtomicBool::new(false) });
        let kept = Arc::clone(&state);
        let keeper = thread::spawn(move || {
            while !kept.over.load(Ordering::Relaxed) {
                kept.slots().iter_mut().for_each(|slot| slot.tend(&kept.folder));
                thread::sleep(LOOK_EVERY);
            }
        });
        Self { state, keeper: Some(keeper) }
    }

    /// Starts a service and does not wait for it.
    pub fn start(&self, service: Service) -> Result<()> {
        let mut slots = self.state.slots();
        if slots.iter().any(|slot| slot.service.name == service.name) {
            bail!("there is a {} already", service.name);
        }
        let mut slot = Slot::new(service);
        slot.start(&self.state.folder)?;
        slots.push(slot);
        Ok(())
    }

    /// Waits until these services answer their probe.
    ///
    /// # Errors
    /// When one does not in time, or keeps crashing; the error shows its last lines.
    pub fn wait_ready(&self, names: &[&str], bound: Duration) -> Result<()> {
        let began = Instant::now();
        for name in names {
            let url = self.with(name, |slot| Ok(slot.service.ready_url.clone()))?;
            let left = bound.saturating_sub(began.elapsed());
            let ready = wait::until(left, || {
                let (crashes, runs) =
                    self.with(name, |slot| Ok((slot.crashes_in_a_row(), slot.pid().is_some())))?;
                if crashes >= CRASHES_UNTIL_HOPELESS {
                    bail!("{name} crashed {crashes} times\n{}", self.last_words(name));
                }
                // One that is down does not answer: somebody else does, who took its port.
                let ready =
                    runs && http::get(&url, PROBE_PATIENCE).is_ok_and(|it| it.status == 200);
                Ok(ready.then_some(()))
            })?;
            if ready.is_none() {
                let answer = http::get(&url, PROBE_PATIENCE).map_or_else(
                    |error| format!("{error:#}"),
                    |it| format!("{} {}", it.status, it.body),
                );
                bail!(
                    "{name} is not ready after {}: {url} says {answer}\n{}",
                    console::spoken(bound),
                    self.last_words(name),
                );
            }
        }
        Ok(())
    }

    /// `kill -9`; it is started again like after any crash.
    pub fn kill9(&self, name: &str) -> Result<()> {
        self.with(name, Slot::kill9)
    }

    /// `kill -9`, and it stays down until [`Supervisor::release`].
    pub fn hold(&self, name: &str) -> Result<()> {
        self.with(name, |slot| {
            slot.wanted = false;
            slot.kill9()
        })
    }

    /// Starts again what was held.
    pub fn release(&self, name: &str) -> Result<()> {
        self.with(name, |slot| {
            slot.wanted = true;
            Ok(())
        })
    }

    /// Takes the processor from it until [`Supervisor::resume`]: it lives, and does nothing.
    pub fn pause(&self, name: &str) -> Result<()> {
        self.with(name, |slot| slot.running(Process::pause))
    }

    /// Lets go on what was paused.
    pub fn resume(&self, name: &str) -> Result<()> {
        self.with(name, |slot| slot.running(Process::resume))
    }

    /// The process id; `None` while it is down.
    pub fn pid(&self, name: &str) -> Result<Option<u32>> {
        self.with(name, |slot| Ok(slot.pid()))
    }

    /// The moment it was started for the last time; `None` while it is down.
    pub fn up_since(&self, name: &str) -> Result<Option<Instant>> {
        self.with(name, |slot| Ok(slot.up_since()))
    }

    /// How often it was started again.
    pub fn restarts(&self, name: &str) -> Result<u32> {
        self.with(name, |slot| Ok(slot.restarts))
    }

    /// All names, in the order of their start.
    pub fn names(&self) -> Vec<String> {
        self.state.slots().iter().map(|slot| slot.service.name.clone()).collect()
    }

    /// Where the output of a service goes.
    pub fn log(&self, name: &str) -> PathBuf {
        self.state.folder.file(&format!("{name}.log"))
    }

    /// The last lines a service wrote, to be shown when a test fails.
    pub fn last_words(&self, name: &str) -> String {
        last_lines(&self.log(name))
    }

    /// Stops all of them in good order, with force where that takes too long.
    pub fn stop(&mut self) {
        self.state.over.store(true, Ordering::Relaxed);
        if let Some(keeper) = self.keeper.take() {
            // It has nothing to say; a panic of it was printed when it happened.
            let _ = keeper.join();
        }
        let mut slots = self.state.slots();
        // All are asked before any is waited for.
        slots.iter_mut().for_each(Slot::ask_to_stop);
        slots.clear();
    }

    fn with<T>(&self, name: &str, act: impl FnOnce(&mut Slot) -> Result<T>) -> Result<T> {
        let mut slots = self.state.slots();
        let slot = slots.iter_mut().find(|slot| slot.service.name == name);
        act(slot.ok_or_else(|| anyhow!("there is no {name}"))?).with_context(|| name.to_owned())
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop();
    }
}

impl State {
    fn slots(&self) -> MutexGuard<'_, Vec<Slot>> {
        // A panic in one place is no reason to leave the others running.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
