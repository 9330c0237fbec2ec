//! How long each process takes from its start until it answers 200 to its probe.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use xtask::local_shop::{FRONT, LocalShop};
use xtask::{console, http, stop};

/// Fine enough for a bound of half a second, and cheap.
const POLL_EVERY: Duration = Duration::from_millis(2);
const PROBE_PATIENCE: Duration = Duration::from_secs(5);
/// The supervisor has looked by then: released before, the process would be told to have crashed.
const SEEN_WITHIN: Duration = Duration::from_millis(100);
const BOUND: Duration = Duration::from_secs(30);

/// Seconds from start to ready of every process, by its name: each is started so many times.
///
/// # Errors
/// When one does not come back.
pub fn measure(shop: &LocalShop, starts: u16) -> Result<BTreeMap<String, Vec<f64>>> {
    let mut measured: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for round in 1..=starts {
        console::progress("bench", format!("starting every process anew, {round} of {starts}"));
        for name in shop.services().names() {
            let seconds = restart(shop, &name).with_context(|| name.clone())?;
            measured.entry(name).or_default().push(seconds);
        }
    }
    Ok(measured)
}

fn restart(shop: &LocalShop, name: &str) -> Result<f64> {
    let services = shop.services();
    let url = match shop.addresses(name).first() {
        Some(address) => format!("{address}/health/ready"),
        None if name == FRONT => format!("{}/.well-known/shop.json", shop.url()),
        None => bail!("it has no address"),
    };
    services.hold(name)?;
    until(|| Ok(services.pid(name)?.is_none().then_some(()))).context("it does not end")?;
    thread::sleep(SEEN_WITHIN);
    services.release(name)?;
    let began = until(|| services.up_since(name)).context("it is not started again")?;
    let is_ready = || http::get(&url, PROBE_PATIENCE).is_ok_and(|answer| answer.status == 200);
    until(|| Ok(is_ready().then_some(()))).context("it does not get ready")?;
    let seconds = began.elapsed().as_secs_f64();
    // A process that crashed and came back would have been given credit for the second start.
    if services.up_since(name)? != Some(began) {
        bail!("it crashed while it started: {}", services.last_words(name));
    }
    shop.wait_ready()?;
    Ok(seconds)
}

fn until<T>(mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + BOUND;
    loop {
        if let Some(seen) = look()? {
            return Ok(seen);
        }
        stop::check()?;
        if Instant::now() >= deadline {
            bail!("waited {}", console::spoken(BOUND));
        }
        thread::sleep(POLL_EVERY);
    }
}
