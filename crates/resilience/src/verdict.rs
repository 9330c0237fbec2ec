//! What a failure says about the one who was called.

/// What a failed attempt says about the one who was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It works, and refused: nothing to hold against it, and nothing to gain by asking again.
    Answer,
    /// It broke over this request: held against it, and asking again would break it again.
    Fault,
    /// It is away or overloaded: held against it, and worth asking again.
    Outage,
}

impl Verdict {
    /// Whether the circuit breaker holds it against the one who was called.
    #[must_use]
    pub const fn counts(self) -> bool {
        match self {
            Self::Answer => false,
            Self::Fault | Self::Outage => true,
        }
    }
}

/// An error that can tell who is to blame.
pub trait Failure {
    /// Who is.
    fn verdict(&self) -> Verdict;
}
