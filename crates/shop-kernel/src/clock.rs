//! Time as something handed in, so that rules can be tested at any hour.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound as _, Utc};

/// Tells what time it is, in UTC and whole microseconds.
///
/// Microseconds, because PostgreSQL keeps no more and a time must compare equal after a round trip.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock everyone else takes it from")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that runs with the machine's, shifted by as much as its holder says.
///
/// Tests move it past a timeout; the demo plays its past orders with it.
#[derive(Debug, Default)]
pub struct ManualClock {
    shift_micros: AtomicI64,
}

impl ManualClock {
    /// A clock that shows `start` now.
    #[must_use]
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        let clock = Self::default();
        clock.advance(start - SystemClock.now());
        clock
    }

    /// Moves the clock by `by`; a negative amount moves it back.
    pub fn advance(&self, by: chrono::TimeDelta) {
        let micros = by.num_microseconds().unwrap_or(i64::MAX);
        self.shift_micros.fetch_add(micros, Ordering::SeqCst);
    }

    /// Lets the clock show the machine's time again.
    pub fn reset(&self) {
        self.shift_micros.store(0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        let shift = chrono::TimeDelta::microseconds(self.shift_micros.load(Ordering::SeqCst));
        SystemClock.now() + shift
    }
}
