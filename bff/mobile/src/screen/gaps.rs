//! What a screen goes without because a service did not answer.

use chassis::peer::PeerError;

use crate::upstream::Answer;

/// Notes which parts of a screen could not be had.
#[derive(Debug, Default)]
pub(crate) struct Gaps {
    are_there: bool,
}

impl Gaps {
    /// The part, or nothing and a note.
    pub(crate) fn without<T>(&mut self, part: &'static str, answer: Answer<T>) -> Option<T> {
        answer.map_err(|error| self.note(part, &error)).ok()
    }

    /// Notes that something is missing.
    pub(crate) fn note(&mut self, part: &'static str, error: &PeerError) {
        self.are_there = true;
        let error: &(dyn std::error::Error + 'static) = error;
        tracing::warn!(part, error, "a screen goes without a part");
    }

    /// What `degraded` says: a part could not be had just now, so it is worth asking again soon.
    pub(crate) const fn degraded(&self) -> bool {
        self.are_there
    }
}
