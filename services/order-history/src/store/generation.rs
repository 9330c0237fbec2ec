//! Which collection of documents serves, kept in the store itself.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rebuild::Rebuild;

/// The number of a collection of documents; a rebuild fills the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(u32);

impl Generation {
    /// The one a new store starts with.
    pub const FIRST: Self = Self(1);

    /// The generation of that number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the store says about its generations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generations {
    /// Grows with each change.
    pub revision: u64,
    /// The one that serves.
    pub current: Generation,
    /// The one a rebuild is filling; live facts go there too.
    pub filling: Option<Generation>,
    /// The highest number ever given out: a collection that failed is never filled again.
    pub newest: Generation,
    /// The rebuild that runs, or ran last.
    pub rebuild: Option<Rebuild>,
}

impl Generations {
    /// What a new store says.
    pub const START: Self = Self {
        revision: 0,
        current: Generation::FIRST,
        filling: None,
        newest: Generation::FIRST,
        rebuild: None,
    };

    /// Where a live fact must be written to.
    pub fn live(&self) -> impl Iterator<Item = Generation> + use<> {
        std::iter::once(self.current).chain(self.filling)
    }
}
