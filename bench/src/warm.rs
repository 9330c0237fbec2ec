//! How long somebody waits who comes back: from the command `cargo shop demo` to a page.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use xtask::process::{Launch, Process, Signal};
use xtask::run_folder::RunFolder;
use xtask::{console, http, stop, workspace};

use crate::figure::{Figure, Goal};
use crate::statistics::Spread;

/// In seconds.
const READY_WITHIN: Goal = Goal::Max(3.0);
/// The first start plays weeks of past orders, and compiles what is not built.
const FIRST_BOUND: Duration = Duration::from_secs(15 * 60);
const BOUND: Duration = Duration::from_secs(60);
/// Fine enough for a bound of seconds.
const LOOK_EVERY: Duration = Duration::from_millis(5);
const PROBE_PATIENCE: Duration = Duration::from_secs(5);

/// Starts a demo in `folder` once for its past orders, and then so many times for the clock.
///
/// # Errors
/// When it does not open.
pub fn figure(folder: &Path, starts: u16) -> Result<Figure> {
    let demo = RunFolder::open(&folder.join("demo"))?;
    console::progress("bench", "starting a demo");
    seconds_of(&demo, "first", FIRST_BOUND)?;
    let mut seconds = Vec::new();
    for round in 1..=starts {
        console::progress("bench", format!("starting the demo again, {round} of {starts}"));
        seconds.push(seconds_of(&demo, &format!("start-{round}"), BOUND)?);
    }
    let spread = Spread::of(seconds).context("no demo was started")?;
    Ok(Figure::new("ready_after_warm_start", "s", spread).with_goal(READY_WITHIN))
}

/// With everything the command does: cargo's look whether anything has changed, ours, the start.
fn seconds_of(demo: &RunFolder, name: &str, bound: Duration) -> Result<f64> {
    let mut command = workspace::cargo(["shop", "demo", "--port", "0", "--data"]);
    command.arg(demo.file("data"));
    let log = demo.file(&format!("{name}.log"));
    let (stop_signal, orphan_signal) = (Signal::Interrupt, Signal::Interrupt);
    let name = name.to_owned();
    let launch = Launch { name, command, user: None, stop_signal, orphan_signal };
    let began = Instant::now();
    let mut process = Process::start(demo, launch)?;
    let seconds = loop {
        let said = fs::read_to_string(&log)?;
        let is_open = |url: &str| http::get(url, PROBE_PATIENCE).is_ok_and(|it| it.status == 200);
        if address(&said).is_some_and(is_open) {
            break began.elapsed().as_secs_f64();
        }
        stop::check()?;
        if process.ended()?.is_some() || began.elapsed() >= bound {
            bail!("the demo does not open: {}", process.last_words());
        }
        thread::sleep(LOOK_EVERY);
    };
    process.stop()?;
    Ok(seconds)
}

/// The address in what a demo says once it is open; none while that line is being written.
fn address(said: &str) -> Option<&str> {
    let (_, rest) = said.split_once("Saga Shop is open at ")?;
    let (line, _) = rest.split_once('\n')?;
    line.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_demo_is_open_once_it_has_said_where() {
        let said =
            "\nSaga Shop is open at http://127.0.0.1:4711   (ready after 1.2s)\n\n  accounts";

        assert_eq!(address(said), Some("http://127.0.0.1:4711"));
        for early in ["", "a new shop: playing", "\nSaga Shop is open at http://127.0"] {
            assert_eq!(address(early), None, "{early}");
        }
    }
}
