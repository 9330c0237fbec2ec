//! Several things to do, timed, with a verdict on each at the end.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Result;
use xtask::{console, stop, workspace};

/// What has been done so far.
#[derive(Debug, Default)]
pub(crate) struct Steps(Vec<(&'static str, bool, Duration)>);

impl Steps {
    /// Does one more; its failure is noted, and only Ctrl-C ends the row. Tells whether it went well.
    pub(crate) fn take(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> Result<bool>,
    ) -> Result<bool> {
        stop::check()?;
        console::progress(name, "…");
        let began = Instant::now();
        let passed = match step() {
            Ok(passed) => passed,
            Err(error) if error.is::<stop::Interrupted>() => return Err(error),
            Err(error) => {
                console::progress(name, format!("{error:#}"));
                false
            }
        };
        self.0.push((name, passed, began.elapsed()));
        Ok(passed)
    }

    /// Runs a program as a step.
    pub(crate) fn run(&mut self, name: &'static str, command: &mut Command) -> Result<bool> {
        self.take(name, || Ok(workspace::run(command)?.success()))
    }

    /// Prints the verdicts; fails when one is bad.
    pub(crate) fn verdict(self) -> ExitCode {
        console::answer("");
        for (name, passed, took) in &self.0 {
            let verdict = if *passed { "ok" } else { "FAILED" };
            console::answer(format!("{name:>16}  {verdict:<7} {}", console::spoken(*took)));
        }
        if self.0.iter().all(|(_, passed, _)| *passed) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// The layer check as a step.
pub(crate) fn layers() -> Result<bool> {
    let broken = xtask::layers::check(workspace::root())?;
    for rule in &broken {
        console::progress("layers", rule);
    }
    Ok(broken.is_empty())
}
