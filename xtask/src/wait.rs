//! Waits for a state, with a bound, and gives up early when asked to stop.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::stop;

/// Short enough that nobody notices, long enough to cost nothing.
const PAUSE: Duration = Duration::from_millis(30);

/// Asks again and again until there is an answer; `None` when the time is up.
///
/// # Errors
/// The probe's own error, at once, and [`stop::Interrupted`].
pub fn until<T>(
    bound: Duration,
    mut probe: impl FnMut() -> Result<Option<T>>,
) -> Result<Option<T>> {
    let deadline = Instant::now() + bound;
    loop {
        if let Some(answer) = probe()? {
            return Ok(Some(answer));
        }
        stop::check()?;
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(PAUSE);
    }
}
