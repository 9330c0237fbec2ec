//! One supervised service: whether it should run, whether it does, and when to try again.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::Service;
use crate::console;
use crate::process::{Launch, Process, Signal};
use crate::run_folder::RunFolder;

/// The pause before the first restart; it doubles with each crash in a row.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// What has run this long is not in the same row of crashes any more.
const STABLE_AFTER: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Slot {
    pub(super) service: Service,
    pub(super) wanted: bool,
    pub(super) restarts: u32,
    crashes_in_a_row: u32,
    /// Its next end is our doing and says nothing about the program.
    is_killed: bool,
    life: Life,
}

#[derive(Debug)]
enum Life {
    New,
    Running { process: Process, since: Instant },
    Down { until: Instant },
}

impl Slot {
    pub(super) fn new(service: Service) -> Self {
        Self {
            service,
            wanted: true,
            restarts: 0,
            crashes_in_a_row: 0,
            is_killed: false,
            life: Life::New,
        }
    }

    pub(super) fn start(&mut self, folder: &RunFolder) -> Result<()> {
        let since = Instant::now();
        let process = Process::start(folder, self.service.launch())?;
        self.life = Life::Running { process, since };
        Ok(())
    }

    /// Notices a crash, and starts it again when its pause is over.
    pub(super) fn tend(&mut self, folder: &RunFolder) {
        match &mut self.life {
            Life::Running { process, since } => {
                if since.elapsed() >= STABLE_AFTER {
                    self.crashes_in_a_row = 0;
                }
                if let Ok(Some(status)) = process.ended() {
                    let pause = pause_after(self.crashes_in_a_row);
                    if !std::mem::take(&mut self.is_killed) {
                        self.crashes_in_a_row += 1;
                    }
                    self.life = Life::Down { until: Instant::now() + pause };
                    if self.wanted {
                        let pause = console::spoken(pause);
                        self.tell(&format!("ended ({status}), starting again in {pause}"));
                    }
                }
            }
            Life::Down { until } if self.wanted && Instant::now() >= *until => {
                self.restarts += 1;
                if let Err(error) = self.start(folder) {
                    self.tell(&format!("{error:#}"));
                    self.life = Life::Down { until: Instant::now() + LONGEST_PAUSE };
                }
            }
            Life::Down { .. } | Life::New => {}
        }
    }

    pub(super) fn kill9(&mut self) -> Result<()> {
        match &mut self.life {
            Life::Running { process, .. } => {
                self.is_killed = true;
                process.kill9()
            }
            Life::Down { .. } | Life::New => Ok(()),
        }
    }

    /// What is to be done to the process, if it runs.
    pub(super) fn running(&mut self, act: fn(&mut Process) -> Result<()>) -> Result<()> {
        match &mut self.life {
            Life::Running { process, .. } => act(process),
            Life::Down { .. } | Life::New => Ok(()),
        }
    }

    pub(super) fn ask_to_stop(&mut self) {
        if let Life::Running { process, .. } = &mut self.life
            && let Err(error) = process.ask_to_stop()
        {
            self.tell(&format!("{error:#}"));
        }
    }

    pub(super) fn pid(&mut self) -> Option<u32> {
        match &mut self.life {
            Life::Running { process, .. } => match process.ended() {
                Ok(None) => Some(process.pid()),
                Ok(Some(_)) | Err(_) => None,
            },
            Life::Down { .. } | Life::New => None,
        }
    }

    pub(super) fn up_since(&mut self) -> Option<Instant> {
        self.pid()?;
        match &self.life {
            Life::Running { since, .. } => Some(*since),
            Life::Down { .. } | Life::New => None,
        }
    }

    pub(super) fn crashes_in_a_row(&self) -> u32 {
        self.crashes_in_a_row
    }

    fn tell(&self, what: &str) {
        console::progress(&self.service.name, what);
    }
}

impl Service {
    fn launch(&self) -> Launch {
        let mut command = Command::new(&self.program);
        // Ours are meant for us: a developer's SHOP_POSTGRES_URL is no setting of a service.
        for (name, _) in env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"SHOP_") {
                command.env_remove(name);
            }
        }
        command.args(&self.args).envs(&self.env);
        Launch {
            name: self.name.clone(),
            command,
            user: None,
            stop_signal: Signal::Terminate,
            orphan_signal: Signal::Kill,
        }
    }
}

fn pause_after(crashes: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1 << crashes.min(16)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::pause_after;
    use std::time::Duration;

    #[test]
    fn the_pause_doubles_up_to_a_bound() {
        let pauses = [0, 1, 2, 6, 60].map(pause_after);

        assert_eq!(pauses, [200, 400, 800, 10_000, 10_000].map(Duration::from_millis));
    }
}
