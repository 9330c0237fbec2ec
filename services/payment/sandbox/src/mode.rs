//! Whether the provider is up, slow or down, as an operator wants it. A restart makes it up.

use std::sync::atomic::{AtomicU8, Ordering};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the provider feels today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// It answers at once.
    #[default]
    Up,
    /// It takes its time for everything that concerns money.
    Slow,
    /// It answers 503 to everything that concerns money.
    Down,
}

/// The switch, shared by all requests.
#[derive(Debug, Default)]
pub(crate) struct Switch(AtomicU8);

impl Switch {
    /// What it is set to.
    #[must_use]
    pub(crate) fn mode(&self) -> Mode {
        match self.0.load(Ordering::SeqCst) {
            1 => Mode::Slow,
            2 => Mode::Down,
            _ => Mode::Up,
        }
    }

    /// Sets it, for every request that comes from now on.
    pub(crate) fn set(&self, mode: Mode) {
        let value = match mode {
            Mode::Up => 0,
            Mode::Slow => 1,
            Mode::Down => 2,
        };
        self.0.store(value, Ordering::SeqCst);
    }
}
